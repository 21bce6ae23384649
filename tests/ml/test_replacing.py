"""A value with other fields is the library's, and only fields that exist can be changed."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import pytest

from ml.replacing import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A value that looks at its fields when it is built."""

    load_g: int

    def __post_init__(self) -> None:
        if self.load_g < 0:
            raise ValueError


def test_the_same_as_the_library_and_the_old_value_stays(build: Any) -> None:
    for value, changes in (
        (build.dose(), {"load_g": 7_000, "reps": 3}),
        (build.person(), {}),
        (build.request(), {"sets": ()}),
        (build.rep(1, build.dose()), {"smoothness": -2.0}),
    ):
        before = dataclasses.replace(value)
        made = replace(value, **changes)
        assert made == dataclasses.replace(value, **changes)
        assert made is not value
        assert value == before


def test_a_field_that_does_not_exist_is_refused(build: Any) -> None:
    with pytest.raises(KeyError):
        replace(build.dose(), load_kg=7)


def test_a_value_that_checks_itself_is_not_copied_past_its_check() -> None:
    with pytest.raises(TypeError, match="checks its fields"):
        replace(Checked(load_g=1), load_g=-1)
