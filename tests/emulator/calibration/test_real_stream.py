"""A real stream is found, read, and set beside ours; what cannot be read is named in one line."""

import csv
from pathlib import Path

import numpy as np
import pytest

from emulator.calibration import machine, real_stream, report
from emulator.calibration.measured import Measured
from emulator.recordings.column_map import BadFile

DATA = Path(__file__).parents[4] / "shared" / "data"
NAMES = (real_stream.TIME, real_stream.TORQUE, real_stream.FRICTION)
FOUND = {name: Measured(value=0.01, count=1) for name in ("friction_low", "friction_high", "torque_quantum")}


def _write(path: Path, steps_ms: np.ndarray, names: tuple[str, ...] = NAMES) -> Path:
    at_s = np.concatenate([[0.055], 0.055 + np.cumsum(steps_ms) / 1_000])
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        rows.writerows([f"{one:.3f}", f"{index % 7 / 100:.2f}", "0.3"] for index, one in enumerate(at_s))
    return path


@pytest.fixture
def even(tmp_path: Path) -> Path:
    return _write(tmp_path / "even.csv", np.full(600, 20.0))


def test_it_is_found_in_the_data_in_its_folder_and_as_a_file(even: Path, tmp_path: Path) -> None:
    assert real_stream.find(even) == even
    assert real_stream.find(tmp_path) == even
    (tmp_path / "sets" / real_stream.FOLDER).mkdir(parents=True)
    assert real_stream.find(tmp_path / "sets") is None
    moved = even.rename(tmp_path / "sets" / real_stream.FOLDER / "even.csv")
    assert real_stream.find(tmp_path / "sets") == moved


def test_a_clock_that_is_too_even_is_no_match(even: Path) -> None:
    """The negative control: a machine that never jitters is not ours."""
    stream = real_stream.read(even)
    assert isinstance(stream, real_stream.Stream)
    rows = {row.key: row for row in report.rows(FOUND, stream)}
    assert rows["real_interval_50"].ok
    assert rows["real_torque_quantum"].ok
    assert not rows["real_interval_99"].ok
    assert not rows["real_interval_spread"].ok
    assert not rows["real_interval_apart"].ok


def test_our_own_telegrams_match_themselves(tmp_path: Path) -> None:
    stream = real_stream.read(_write(tmp_path / "own.csv", machine.intervals_ms(9, 4_000)))
    assert isinstance(stream, real_stream.Stream)
    compared = real_stream.compared(stream, 1, FOUND)
    assert compared["real_interval_apart"][1].value < 0.05


@pytest.mark.skipif(real_stream.find(DATA) is None, reason="the recording of the real machine is not here")
def test_the_real_machine_is_matched() -> None:
    file = real_stream.find(DATA)
    assert file is not None
    stream = real_stream.read(file)
    assert isinstance(stream, real_stream.Stream)
    friction = {"friction_low": Measured(value=0.2, count=1), "friction_high": Measured(value=0.45, count=1)}
    rows = report.rows(FOUND | friction, stream)
    real = [row for row in rows if row.group == "real stream"]
    assert len(real) == 8
    assert [row.key for row in real if not row.ok] == []


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: text.replace("Friction", "friction"), "column Friction: no such column"),
        (lambda text: text.replace("0.3", "", 1), "row 2, column Friction: not a number"),
        (lambda text: text.replace("0.3", "nan", 2).replace("nan", "0.3", 1), "row 3, column Friction"),
        (lambda text: "\n".join(text.splitlines()[:100]), "99 telegrams"),
        (lambda _: "", "0 telegrams"),
    ],
)
def test_a_file_that_is_no_recording_is_named_with_its_fault(even: Path, spoil: object, why: str) -> None:
    assert callable(spoil)
    even.write_text(spoil(even.read_text()))
    found = real_stream.read(even)
    assert isinstance(found, BadFile)
    assert str(even) in str(found)
    assert why in str(found)


def test_bytes_and_a_missing_file_are_named_too(even: Path, tmp_path: Path) -> None:
    even.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in str(real_stream.read(even))
    assert "cannot be read" in str(real_stream.read(tmp_path / "nothing.csv"))


def test_the_distance_of_distributions_is_0_for_the_same_and_1_for_strangers() -> None:
    one = np.array([1.0, 2.0, 3.0])
    assert real_stream.apart(one, one) == 0
    assert real_stream.apart(one, one + 10) == 1
    assert real_stream.apart(one, np.array([1.0, 2.0, 9.0])) == pytest.approx(1 / 3)
