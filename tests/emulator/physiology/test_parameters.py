import re
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest

from emulator.physiology.parameters import misfit, number, numbers, pair, using


def test_every_figure_has_its_unit_and_source_in_its_line() -> None:
    text = files("emulator.physiology").joinpath("parameters.toml").read_text(encoding="utf-8")
    figures = [line for line in text.splitlines() if re.match(r"\w+ = ", line)]
    assert len(figures) > 80
    for line in figures:
        unit_and_source = line.partition("#")[2]
        assert ";" in unit_and_source, line
        assert unit_and_source.partition(";")[2].strip(), line


def test_figures_are_read_by_section_and_name() -> None:
    assert number("drive.heartbeat_ms") == 200
    assert pair("range.painful_share") == (0.55, 0.15)
    assert numbers("progress.stimulus_rir")[0] == 0


def test_an_unknown_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        number("drive.colour")


def test_other_figures_hold_inside_their_with_alone() -> None:
    with using({"fatigue.fatigue_per_s": 0.02, "pain.start_nrs": (5.0, 1.0)}):
        assert number("fatigue.fatigue_per_s") == 0.02
        assert pair("pain.start_nrs") == (5.0, 1.0)
        assert number("fatigue.recovery_per_s") == 0.00085
    assert number("fatigue.fatigue_per_s") == 0.0108


def test_other_threads_keep_their_figures() -> None:
    with using({"fatigue.fatigue_per_s": 0.02}), ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(number, "fatigue.fatigue_per_s").result() == 0.0108


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("fatigue.colour", 1.0, "is no figure of the physiology"),
        ("fatigue.fatigue_per_s", (1.0, 2.0), "must be one number"),
        ("pain.start_nrs", 3.0, "must be a list of 2 numbers"),
        ("pain.start_nrs", (3.0, 1.0), None),
    ],
)
def test_a_change_fits_or_says_why_not(name: str, value: float | tuple[float, ...], why: str | None) -> None:
    assert misfit(name, value) == why
