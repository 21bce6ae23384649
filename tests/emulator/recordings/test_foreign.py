from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.recordings.column_map import BadFile
from emulator.recordings.foreign import ImportReport, Smoothing, import_csv
from emulator.recordings.mcap_file import read_about
from emulator.replay.player import read_samples
from machine_agent.detector import find_reps, own_span_deg
from machine_agent.drivers import Sample

MAP = "motor-leg-press"
HEADER = "t_s,UserTorque(Nm),Velocity(rad),Position(mm)"
DATA = Path(__file__).parents[4] / "shared" / "data" / "motor_machine_stream"
STREAM = DATA / "leg_press_isokinetic_left.csv"


@pytest.fixture
def a_csv(tmp_path: Path) -> Callable[..., Path]:
    def written(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "stream.csv"
        path.write_text("\n".join([header, *rows]) + "\n" if header else "")
        return path

    return written


def _bad(path: Path, tmp_path: Path, map_name: str = MAP) -> BadFile:
    out = tmp_path / "out.mcap"
    found = import_csv(path, map_name, out)
    assert isinstance(found, BadFile)
    assert not out.exists()
    return found


def test_a_stream_becomes_samples_in_degrees(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    path = a_csv("0.00,1.5,0,151", "0.02,2.5,0,376.5", "0.04,3.5,0,602")
    report = import_csv(path, MAP, tmp_path / "out.mcap")
    assert isinstance(report, ImportReport)
    samples = read_samples(tmp_path / "out.mcap")
    assert [sample.deg for sample in samples] == [0, 45, 90]
    assert [sample.mono_ms for sample in samples] == [0, 20, 40]
    assert [sample.torque_nm for sample in samples] == [1.5, 2.5, 3.5]
    about = read_about(tmp_path / "out.mcap")
    assert (report.samples, report.machine_kind) == (3, "leg_press")
    assert about.open_loop == 1  # type: ignore[union-attr]


def test_a_missing_column_is_named_with_what_the_file_has(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    bad = _bad(a_csv("0.0,1", header="t_s,UserTorque(Nm)"), tmp_path)
    assert (bad.row, bad.column) == (1, "Position(mm)")
    assert "the file has t_s, UserTorque(Nm)" in str(bad)
    assert "stream.csv" in str(bad)


@pytest.mark.parametrize("value", ["abc", "", "nan", "inf", "1,5"])
def test_a_value_that_is_no_number_is_named_by_row_and_column(
    value: str, a_csv: Callable[..., Path], tmp_path: Path
) -> None:
    bad = _bad(a_csv("0.00,1,0,151", f'0.02,"{value}",0,152'), tmp_path)
    assert (bad.row, bad.column) == (3, "UserTorque(Nm)")
    assert "is not a number" in str(bad)


@pytest.mark.parametrize("time", ["0.02", "0.01", "-5"])
def test_a_clock_that_does_not_rise_is_named(time: str, a_csv: Callable[..., Path], tmp_path: Path) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1,0,152", f"{time},1,0,153"), tmp_path)
    assert (bad.row, bad.column) == (4, "t_s")
    assert "sort the rows by time" in str(bad)


def test_empty_files_say_so(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    assert "the file is empty" in str(_bad(a_csv(header=""), tmp_path))
    assert "no samples" in str(_bad(a_csv(), tmp_path))
    assert "no such file" in str(_bad(tmp_path / "nowhere.csv", tmp_path))


def test_short_rows_are_bad_values(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1"), tmp_path)
    assert (bad.row, bad.column) == (3, "Position(mm)")


def test_an_unknown_map_names_the_shipped_ones(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1,0,152"), tmp_path, "no-such-map")
    assert MAP in bad.mend


def test_the_speed_is_causal_and_of_the_position() -> None:
    smooth = Smoothing(5.5)
    speeds = [smooth.speed_deg_s(ms, 0.0 if ms < 200 else (ms - 200) * 0.03) for ms in range(0, 1_000, 20)]
    assert speeds[:11] == [0.0] * 11
    assert speeds[-1] == pytest.approx(30, rel=0.01)


@pytest.mark.skipif(
    not STREAM.is_file(), reason=f"{STREAM} is not here: the real stream is not part of the project"
)
def test_the_real_stream_has_three_repetitions_of_the_raw_range(tmp_path: Path) -> None:
    report = import_csv(STREAM, MAP, tmp_path / "left.mcap")
    assert isinstance(report, ImportReport)
    samples = [
        Sample(body_ms=one.mono_ms, deg=one.deg, deg_s=one.deg_s, torque_nm=one.torque_nm, load_g=0)
        for one in read_samples(tmp_path / "left.mcap")
    ]
    reps = find_reps(samples, own_span_deg(samples))
    ranges = [max(one.sample.deg for one in rep.moments) - rep.moments[0].sample.deg for rep in reps]
    # read off the raw positions: (top - start) mm of each rep x 90 / 451 deg per mm
    raw = [(602.0 - 276.2) * 90 / 451, (592.5 - 295.9) * 90 / 451, (598.3 - 296.2) * 90 / 451]
    assert len(reps) == 3
    assert ranges == pytest.approx(raw, rel=0.05)
