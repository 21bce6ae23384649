from pathlib import Path

import pytest

from emulator.calibration import report
from emulator.calibration.measured import Measured
from openspine import pictures
from openspine.emulation.calibration_picture import FURTHEST, SHARES, chart, curve_rows, deviation_rows


def _rows() -> tuple[report.Row, ...]:
    """Every published figure as it should be, but one far off."""
    published = report.read_published()
    found = {
        key: Measured(value=one.published, spread=0.1, count=60)
        for key, one in published.items()
        if one.published is not None
    }
    return report.rows(found | {"lost": Measured(value=0.5, count=9)})


def test_a_deviation_is_counted_in_tolerances_and_stands_at_the_edge_when_it_is_far() -> None:
    by_name = {one["name"]: one for one in deviation_rows(_rows())}
    assert by_name["Telegrams lost"]["apart"] == FURTHEST
    assert not by_name["Telegrams lost"]["ok"]
    assert by_name["Reps to failure at 70 %"]["apart"] == 0
    assert by_name["Reps to failure at 70 %"]["words"] == "13.2 → 13.2 reps"


def test_a_curve_has_published_emulated_and_spread_at_every_place() -> None:
    rows = curve_rows({row.key: row for row in _rows()}, SHARES)
    assert [one["at"] for one in rows] == list(SHARES.values())
    assert rows[2]["published"] == 13.2
    assert rows[2]["high"] - rows[2]["low"] == pytest.approx(0.2)


def test_every_figure_is_in_the_picture(tmp_path: Path) -> None:
    rows = [row for row in _rows() if row.group in ("strength", "effort", "progress", "machine")]
    pictures.save(chart(rows, "60 people"), tmp_path / "calibration.svg")
    drawn = (tmp_path / "calibration.svg").read_text()
    assert all(row.group.capitalize() in drawn for row in rows)
    assert drawn.count("Time between telegrams") >= 4
