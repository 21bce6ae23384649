"""The header has air: the name does not touch the upper edge."""

from collections.abc import Callable
from typing import Any

import pytest
from screen_shown import SIZES, Shown
from screen_states import STATES

pytestmark = pytest.mark.browser
NAME = ".where strong"
ROUNDING_PX = 1.5


@pytest.mark.parametrize("size", SIZES, ids=["large", "small"])
def test_there_is_as_much_air_above_the_name_as_beside_it(
    open_page: Callable[..., Any], shown: Shown, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    shown.tell(page, STATES["set"])
    box = page.locator(NAME).bounding_box()
    assert box["y"] >= box["x"] - ROUNDING_PX > 0
