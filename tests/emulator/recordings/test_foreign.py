import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.recordings import column_map
from emulator.recordings.column_map import BadFile
from emulator.recordings.detected import detect
from emulator.recordings.foreign import Foreign, Smoothing, read_foreign, report_of, write_foreign
from emulator.recordings.mcap_file import read_about, read_machines
from emulator.replay.player import read_samples

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


def _bad(path: Path, map_name: str = MAP) -> BadFile:
    found = read_foreign(path, map_name)
    assert isinstance(found, BadFile)
    return found


def _read(path: Path, map_name: str = MAP, **changes: str) -> Foreign:
    found = read_foreign(path, map_name, **changes)
    assert isinstance(found, Foreign), found
    return found


def test_a_stream_becomes_samples_in_degrees(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    foreign = _read(a_csv("0.00,1.5,0,151", "0.02,2.5,0,376.5", "0.04,3.5,0,602"))
    write_foreign(foreign, tmp_path / "out.mcap")
    samples = read_samples(tmp_path / "out.mcap")
    assert [sample.deg for sample in samples] == [0, 45, 90]
    assert [sample.mono_ms for sample in samples] == [0, 20, 40]
    assert [sample.torque_nm for sample in samples] == [1.5, 2.5, 3.5]
    about = read_about(tmp_path / "out.mcap")
    assert about.open_loop == 1  # type: ignore[union-attr]
    report = report_of(foreign, tmp_path / "out.mcap")
    assert (report.samples, report.machine_kind, report.duration_s) == (3, "leg_press", 0.04)
    assert (report.lowest_deg, report.highest_deg) == (0, 90)
    assert report_of(foreign, None).out is None


def test_machine_and_kind_may_be_other_than_the_maps(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    path = a_csv("0.00,1.5,0,151", "0.02,2.5,0,376.5")
    write_foreign(_read(path, machine="hip-7", kind="hip_extension"), tmp_path / "out.mcap")
    assert read_machines(tmp_path / "out.mcap") == {"hip-7": "hip_extension"}
    unknown = read_foreign(path, MAP, kind="arm_press")
    assert "unknown machine kind" in str(unknown)
    assert "leg_press" in str(unknown)
    assert "names no machine" in str(read_foreign(path, MAP, machine="Hip 7"))


def test_a_missing_column_is_named_with_what_the_file_has(a_csv: Callable[..., Path]) -> None:
    bad = _bad(a_csv("0.0,1", header="t_s,UserTorque(Nm)"))
    assert (bad.row, bad.column) == (1, "Position(mm)")
    assert "the file has t_s, UserTorque(Nm)" in str(bad)
    assert "stream.csv" in str(bad)


@pytest.mark.parametrize("value", ["abc", "", "nan", "inf", "1,5"])
def test_a_value_that_is_no_number_is_named_by_row_and_column(value: str, a_csv: Callable[..., Path]) -> None:
    bad = _bad(a_csv("0.00,1,0,151", f'0.02,"{value}",0,152'))
    assert (bad.row, bad.column) == (3, "UserTorque(Nm)")
    assert "is not a number" in str(bad)


@pytest.mark.parametrize("time", ["0.02", "0.01", "-5"])
def test_a_clock_that_does_not_rise_is_named(time: str, a_csv: Callable[..., Path]) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1,0,152", f"{time},1,0,153"))
    assert (bad.row, bad.column) == (4, "t_s")
    assert "sort the rows by time" in str(bad)


def test_empty_files_say_so(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    assert "the file is empty" in str(_bad(a_csv(header="")))
    assert "no samples" in str(_bad(a_csv()))
    assert "no such file" in str(_bad(tmp_path / "nowhere.csv"))


def test_short_rows_are_bad_values(a_csv: Callable[..., Path]) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1"))
    assert (bad.row, bad.column) == (3, "Position(mm)")


def test_an_unknown_map_names_the_shipped_ones(a_csv: Callable[..., Path]) -> None:
    bad = _bad(a_csv("0.00,1,0,151", "0.02,1,0,152"), "no-such-map")
    assert MAP in bad.mend


def test_the_speed_is_causal_and_of_the_position() -> None:
    smooth = Smoothing(5.5)
    speeds = [smooth.speed_deg_s(ms, 0.0 if ms < 200 else (ms - 200) * 0.03) for ms in range(0, 1_000, 20)]
    assert speeds[:11] == [0.0] * 11
    assert speeds[-1] == pytest.approx(30, rel=0.01)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("0.02,1,0,1e9", "Position(mm)", "deg of it"),
        ("0.02,1e6,0,152", "UserTorque(Nm)", "Nm of it"),
        ("1e300,1,0,152", "t_s", "the clock does not rise"),
        ("1e308,1,0,152", "t_s", "the clock does not rise"),
    ],
)
def test_a_value_of_another_unit_is_named(
    row: str, column: str, problem: str, a_csv: Callable[..., Path], tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    text = (Path(column_map.__file__).with_name("maps") / f"{MAP}.toml").read_text()
    own.write_text(text.replace("[torque]", "clip = false\n\n[torque]"))
    bad = _bad(a_csv("0.00,1,0,151", row), str(own))
    assert (bad.row, bad.column) == (3, column)
    assert problem in str(bad)


def test_a_table_of_angle_and_torque_is_read_as_it_is(a_csv: Callable[..., Path]) -> None:
    path = a_csv("0,-5,1", "0.02,0,2", "0.04,75,3", header="time_s,angle_deg,torque_nm")
    foreign = _read(path, "angle-torque")
    assert [(one.mono_ms, one.deg, one.torque_nm) for one in foreign.samples] == [
        (0, -5, 1),
        (20, 0, 2),
        (40, 75, 3),
    ]
    assert foreign.columns.machine_kind == "lumbar_extension"


def test_a_parquet_table_gives_the_same_samples(a_csv: Callable[..., Path], tmp_path: Path) -> None:
    path = a_csv("0.00,1.5,0,151", "0.02,2.5,0,376.5", "0.04,3.5,0,602")
    arrow, parquet = importlib.import_module("pyarrow.csv"), importlib.import_module("pyarrow.parquet")
    parquet.write_table(arrow.read_csv(path), tmp_path / "stream.parquet")
    assert _read(tmp_path / "stream.parquet").samples == _read(path).samples


@pytest.mark.skipif(
    not STREAM.is_file(), reason=f"{STREAM} is not here: the real stream is not part of the project"
)
def test_the_real_stream_has_three_repetitions_of_the_raw_range() -> None:
    found = detect(_read(STREAM).samples)
    ranges = [one.top_deg - one.start_deg for one in found.reps]
    # read off the raw positions: (top - start) mm of each rep x 90 / 451 deg per mm
    raw = [(602.0 - 276.2) * 90 / 451, (592.5 - 295.9) * 90 / 451, (598.3 - 296.2) * 90 / 451]
    assert len(found.reps) == 3
    assert ranges == pytest.approx(raw, rel=0.05)
    [positioning] = found.positioning
    assert positioning.end_s < found.reps[0].start_s
