"""What stands around every page: who has signed in, and by which clock lists go."""

import pytest

from dashboard.api.door import Viewer
from dashboard.format import Formatter
from dashboard.views.frame import viewer_words

WHO = "Ho Wing Yan"


@pytest.mark.parametrize(
    ("role", "sites", "told"),
    [
        ("therapist", ("harbour",), f"{WHO} · Therapist"),
        ("therapist", ("harbour", "north"), f"{WHO} · Therapist · times in Hong Kong"),
        ("admin", None, f"{WHO} · Admin · times in Hong Kong"),
        ("patient", None, f"{WHO} · Patient"),
    ],
)
def test_who_sees_several_sites_is_told_by_which_clock(
    role: str, sites: tuple[str, ...] | None, told: str, show: Formatter, show_lb: Formatter
) -> None:
    viewer = Viewer(id="u-1", name=WHO, role=role, sites=sites)
    assert viewer_words(viewer, show) == told
    assert ("時間以香港為準" in viewer_words(viewer, show_lb)) == ("times in" in told)
