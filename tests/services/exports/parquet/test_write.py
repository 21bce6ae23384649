"""The files against the store, row by row; who and what must not be in them; and how much is held at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]  # published without types
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from contract.messages import Origin
from services.exports.parquet import write
from services.exports.parquet.columns import Column
from services.exports.parquet.names import Names
from services.exports.parquet.write import SOURCES, Written, export
from services.store import tables
from services.store.reading import research

KEY = b"k" * 32


def exported(studio: StudioRows, folder: Path, origin: Origin = "sim", key: bytes = KEY) -> Written:
    with studio.engine.connect() as connection:
        return export(connection, origin, folder, key)


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def test_reps_equal_the_store_row_by_row(course: StudioRows, folder: Path) -> None:
    course.rep("session-0", 2, quality=["partial", "posture"], curve=None, wall_ms=NOW_MS + DAY_MS + 500)
    assert exported(course, folder).rows == {"sets": 6, "reps": 7, "decisions": 6}
    names = Names(key=KEY, first_ms={})
    with course.engine.connect() as connection:
        stored = list(research.reps(connection, "sim"))
    for row, written in zip(stored, rows(folder, "reps"), strict=True):
        assert written["person"] == names.person(row.patient_id)
        assert written["session"] == names.session(row.session_id)
        assert (written["kind"], written["side"]) == (row.kind, row.side)
        assert (written["set"], written["rep"]) == (row.set_number, row.rep_number)
        assert written["since_first_s"] == (row.wall_ms - NOW_MS) / 1_000
        assert written["day"] == (row.wall_ms - NOW_MS) // DAY_MS
        assert written["load_kg"] * 1_000 == row.load_g
        for name in ("start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm"):
            assert written[name] == getattr(row, name)
        for name in ("mean_torque_nm", "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness"):
            assert written[name] == getattr(row, name)
        assert written["quality"] == row.quality
        curve = row.curve or {"deg": None, "nm": None}
        assert (written["curve_deg"], written["curve_nm"]) == (curve["deg"], curve["nm"])


def test_sets_equal_the_store_row_by_row(course: StudioRows, folder: Path) -> None:
    exported(course, folder)
    with course.engine.connect() as connection:
        stored = list(research.sets(connection, "sim"))
    assert len(stored) == 6
    for row, written in zip(stored, rows(folder, "sets"), strict=True):
        assert written["load_kg"] * 1_000 == row.load_g
        assert written["start_deg"] * 100 == row.start_cdeg
        assert written["end_deg"] * 100 == row.end_cdeg
        assert written["work_s"] * 1_000 == row.work_ms
        for name in ("mode", "reps", "partial_reps", "ended_by", "duration_s", "rir", "pain_set"):
            assert written[name] == getattr(row, name)


def test_decisions_equal_the_store_row_by_row(course: StudioRows, folder: Path) -> None:
    course.decision("first", "session-0", previous=None, raised=None, split_g={})
    exported(course, folder)
    with course.engine.connect() as connection:
        stored = list(research.decisions(connection, "sim"))
    assert len(stored) == 7
    for row, written in zip(stored, rows(folder, "decisions"), strict=True):
        assert written["why"] == [one["code"] for one in row.why]
        assert dict(written["split_kg"]) == {code: part / 1_000 for code, part in row.split_g.items()}
        assert written["previous_load_kg"] == (row.previous and row.previous["load_g"] / 1_000)
        for name in ("occasion", "policy", "model", "software", "held", "raised", "binding", "rir"):
            assert written[name] == getattr(row, name)
        for name in ("capacity_kg", "capacity_low_kg", "capacity_high_kg"):
            assert written[name] == getattr(row, name)


def test_units_stand_in_the_schema(course: StudioRows, folder: Path) -> None:
    exported(course, folder)
    schema = parquet.read_schema(folder / "reps.parquet")
    assert schema.field("peak_torque_nm").metadata[b"unit"] == b"Nm"
    assert b"de-identified" in schema.metadata[b"openspine"]


def test_nothing_says_who_it_was(course: StudioRows, folder: Path) -> None:
    exported(course, folder)
    with course.engine.connect() as connection:
        ids = [row[0] for row in connection.execute(tables.session.select())]
    markers = [*ids, named("Chan Mei Ling"), "Chan", "P-Ling", "rotation-1", "1954", str(NOW_MS)[:7]]
    for name in SOURCES:
        said = str(rows(folder, name))
        assert [marker for marker in markers if marker in said] == []
    assert "trunk_rotation" in str(rows(folder, "sets"))  # such a search finds what is there


def test_another_key_gives_other_names(course: StudioRows, folder: Path, tmp_path: Path) -> None:
    exported(course, folder)
    exported(course, tmp_path / "other", key=b"l" * 32)
    first, other = rows(folder, "sets"), rows(tmp_path / "other", "sets")
    assert {row["person"] for row in first}.isdisjoint(row["person"] for row in other)
    assert [row["load_kg"] for row in first] == [row["load_kg"] for row in other]


def agree(studio: StudioRows, patient: str, given: list[bool]) -> None:
    for at_ms, is_given in enumerate(given):
        row = {
            "id": named(f"{patient}/{at_ms}"),
            "patient_id": named(patient),
            "purpose": "research",
            "version": "1",
            "given": is_given,
            "at_ms": at_ms,
            "by_id": "somebody",
        }
        studio.put(tables.consent, row)


def test_of_real_people_only_those_who_agree_now(studio: StudioRows, folder: Path) -> None:
    studio.origin = "real"
    for patient, given in (("Agrees", [False, True]), ("Withdrew", [True, False]), ("Silent", [])):
        studio.patient(patient)
        studio.session(patient, patient=patient)
        studio.rep(patient, 1)
        agree(studio, patient, given)
    studio.origin = "sim"
    written = exported(studio, folder, "real")
    assert (written.people, written.left_out, written.rows["reps"]) == (1, 2, 1)
    name = Names(key=KEY, first_ms={}).person(named("Agrees"))
    assert [row["person"] for row in rows(folder, "reps")] == [name]


def test_what_is_there_is_not_overwritten(course: StudioRows, folder: Path) -> None:
    exported(course, folder)
    before = (folder / "sets.parquet").read_bytes()
    with pytest.raises(FileExistsError):
        exported(course, folder)
    assert (folder / "sets.parquet").read_bytes() == before
    assert (folder / "reps.parquet").stat().st_mode & 0o777 == 0o600


class Counted:
    """A row that counts how many of its like are alive."""

    alive: ClassVar[int] = 0
    most: ClassVar[int] = 0

    def __init__(self, number: int) -> None:
        self.patient_id, self.number = "chan", number
        Counted.alive += 1
        Counted.most = max(Counted.most, Counted.alive)

    def __del__(self) -> None:
        Counted.alive -= 1


@pytest.mark.parametrize("count", [1_000, 4_000])
def test_no_more_than_two_groups_are_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(write, "GROUP", 100)
    Counted.most = 0

    def many() -> Iterator[Any]:
        yield from map(Counted, range(count))

    path, names = tmp_path / "numbers.parquet", Names(key=KEY, first_ms={"chan": 0})
    columns = [Column(name="number", type="whole", read=lambda row, _: row.number)]
    assert write._write(path, columns, many(), names) == count
    file = parquet.ParquetFile(path)
    assert {file.metadata.row_group(one).num_rows for one in range(file.num_row_groups)} == {100}
    assert file.read().column("number").to_pylist() == list(range(count))
    assert Counted.most <= 2 * 100 + 1


def test_what_fails_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[Any]:
        yield Counted(1)
        raise OSError("the database went away")

    path, names = tmp_path / "numbers.parquet", Names(key=KEY, first_ms={"chan": 0})
    columns = [Column(name="number", type="whole", read=lambda row, _: row.number)]
    with pytest.raises(OSError, match="went away"):
        write._write(path, columns, broken(), names)
    assert not path.exists()
