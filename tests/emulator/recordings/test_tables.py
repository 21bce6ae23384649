import csv
import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import MACHINE, SESSION, SETTING, a_rep
from recorded_scene import NOW_MS, Scene

from emulator.recordings.mcap_file import NoRecording
from emulator.recordings.tables import COLUMNS, CsvSink, Exported, Form, NoWriter, export_tables

Save = Callable[..., Path]
UNITS = ("_ms", "_s", "_kg", "deg", "_nm", "_j", "_deg_s")
PLAIN = {
    "origin", "machine", "session", "seq", "set", "rep", "side", "setting", "smoothness", "quality", "reps",
    "partial_reps", "ended_by", "sent_as", "id", "mode", "why", "policy", "model",
}  # fmt: skip


def tables(path: Path, form: Form, folder: Path) -> dict[str, list[dict[str, Any]]]:
    done = export_tables(path, form, folder)
    assert isinstance(done, Exported)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, file in done.files.items():
        if form == "csv":
            with Path(file).open(newline="") as lines:
                found[name] = list(csv.DictReader(lines))
        else:
            found[name] = importlib.import_module("pyarrow.parquet").read_table(file).to_pylist()
        assert done.rows[name] == len(found[name])
    return found


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_table_has_the_rows_of_the_recording(
    form: Form, scene: Scene, save: Save, tmp_path: Path
) -> None:
    found = tables(save(scene.records), form, tmp_path / "tables")
    assert {name: len(rows) for name, rows in found.items()} == {
        "samples": 36, "reps": 4, "sets": 1, "settings": 3,
    }  # fmt: skip
    for name, rows in found.items():
        assert list(rows[0]) == list(COLUMNS[name])
    rep, end, setting = found["reps"][1], found["sets"][0], found["settings"]
    assert [str(rep[name]) for name in ("machine", "session", "rep", "load_kg", "end_deg", "seq")] == [
        MACHINE, SESSION, "2", "20.0", "49.5", "4",
    ]  # fmt: skip
    assert int(rep["log_ms"]) == NOW_MS + 1_800
    assert (str(end["reps"]), end["ended_by"]) == ("4", "target")
    assert [one["sent_as"] for one in setting] == ["plan", "plan", "setting"]
    assert [str(setting[0][name]) for name in ("id", "load_kg", "end_deg", "eccentric_s", "rest_s")] == [
        SETTING, "20.0", "50.0", "3.0", "60.0",
    ]  # fmt: skip
    assert float(found["samples"][0]["torque_nm"]) == 9.25


def test_a_row_that_came_again_is_in_a_table_once(scene: Scene, save: Save, tmp_path: Path) -> None:
    path = save([*scene.records, *scene.records])
    done = export_tables(path, "csv", tmp_path / "tables")
    assert isinstance(done, Exported)
    assert (done.rows["reps"], done.rows["sets"], done.repeated_rows) == (4, 1, 5)


def test_columns_name_their_units() -> None:
    for columns in COLUMNS.values():
        for name, kind in columns.items():
            assert name in PLAIN or name.endswith(UNITS), name
            assert kind in (str, int, float)


def test_a_table_without_rows_has_its_columns(save: Save, tmp_path: Path) -> None:
    tables(save([]), "csv", tmp_path / "tables")
    assert (tmp_path / "tables" / "sets.csv").read_text().strip() == ",".join(COLUMNS["sets"])
    assert tables(save([]), "parquet", tmp_path / "tables")["reps"] == []


def test_many_rows_are_written_in_batches(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.recordings.tables.BATCH_ROWS", 7)
    scene = Scene()
    for number in range(1, 24):
        scene.say(a_rep(rep=number))
    found = tables(save(scene.records), "parquet", tmp_path / "tables")
    assert [one["rep"] for one in found["reps"]] == list(range(1, 24))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cell"])
def test_a_text_is_no_formula(text: str, tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", {"policy": str, "smoothness": float})
    sink.write([{"policy": text, "smoothness": -1.6}])
    sink.close()
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == f"'{text},-1.6"


def test_without_pyarrow_the_way_out_is_named(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    found = export_tables(save([]), "parquet", tmp_path / "tables")
    assert isinstance(found, NoWriter)
    assert "openspine[recordings]" in str(found)
    assert isinstance(export_tables(save([]), "csv", tmp_path / "tables"), Exported)


def test_a_folder_that_cannot_be_made_is_a_value(save: Save, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = export_tables(save([]), "csv", tmp_path / "file")
    assert isinstance(found, NoWriter)
    assert "file" in str(found)
    assert isinstance(export_tables(tmp_path / "nowhere", "csv", tmp_path / "tables"), NoRecording)
