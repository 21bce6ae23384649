import re
from importlib.resources import files

import pytest

from emulator.physiology.parameters import number, numbers, pair


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
