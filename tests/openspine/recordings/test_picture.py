from pathlib import Path

import pytest

from contract.recording import Sample
from emulator.recordings.detected import Detected, FoundRep, Positioning
from openspine import pictures
from openspine.recordings.picture import PARTIAL, POINTS_MOST, POSITIONING, REP, bands, chart, points

SAMPLES = [Sample(mono_ms=1_000 + 20 * n, deg=n % 60, deg_s=0, torque_nm=5) for n in range(1_000)]


def _rep(start_s: float, *, is_partial: bool = False) -> FoundRep:
    return FoundRep(
        start_s=start_s, top_s=start_s + 1, end_s=start_s + 2, start_deg=5, top_deg=50, end_deg=6,
        peak_torque_nm=100, is_partial=is_partial,
    )  # fmt: skip


FOUND = Detected(
    span_deg=45,
    reps=(_rep(4), _rep(8, is_partial=True)),
    positioning=(Positioning(start_s=0.5, end_s=3, from_deg=0, to_deg=5),),
)


def test_repetitions_are_numbered_and_positioning_is_not() -> None:
    assert [(one["label"], one["what"], one["from"], one["to"]) for one in bands(FOUND)] == [
        ("not a rep", POSITIONING, 0.5, 3),
        ("1", REP, 4, 6),
        ("2", PARTIAL, 8, 10),
    ]


def test_a_long_recording_is_thinned_out() -> None:
    long = [Sample(mono_ms=20 * n, deg=1, deg_s=0, torque_nm=0) for n in range(3 * POINTS_MOST + 1)]
    assert POINTS_MOST / 2 < len(points(long)) <= POINTS_MOST
    assert points(SAMPLES)[1] == {"t": 0.02, "deg": 1, "nm": 5}


@pytest.mark.parametrize("suffix", pictures.SUFFIXES)
def test_the_picture_is_drawn_in_every_form(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    pictures.save(chart("a.csv", SAMPLES, FOUND), path)
    assert path.stat().st_size > 5_000
    if suffix == ".svg":
        text = path.read_text()
        assert "a.csv: 2 repetitions" in text
        assert "not a rep" in text
        assert "1 other movement" in text


def test_nothing_found_is_drawn_too(tmp_path: Path) -> None:
    still = [Sample(mono_ms=20 * n, deg=0, deg_s=0, torque_nm=0) for n in range(50)]
    nothing = Detected(span_deg=0, reps=(), positioning=())
    pictures.save(chart("still.csv", still, nothing), tmp_path / "a.svg")
    assert "0 repetitions" in (tmp_path / "a.svg").read_text()
