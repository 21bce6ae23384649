"""Flat tables of a recording: samples, reps, sets and settings; each column names its unit."""

import csv
import importlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol

from contract import codec, recording, topics
from contract.messages import Message, Plan, Rep, SetEnd, Setting
from contract.recording import Record
from emulator.recordings.mcap_file import NoRecording, read_about, read_records
from emulator.recordings.repeats import Repeats

Row = dict[str, Any]
Form = Literal["parquet", "csv"]
BATCH_ROWS = 20_000  # rows that are held before they are written
_WHOSE: Final[dict[str, type]] = {
    "origin": str,
    "machine": str,
    "session": str,
    "log_ms": int,
    "wall_ms": int,
}
COLUMNS: Final[dict[str, dict[str, type]]] = {
    "samples": {
        "origin": str, "machine": str, "log_ms": int, "mono_ms": int, "deg": float, "deg_s": float,
        "torque_nm": float,
    },
    "reps": _WHOSE | {
        "seq": int, "set": int, "rep": int, "side": str, "setting": str, "load_kg": float,
        "start_deg": float, "end_deg": float, "concentric_s": float, "hold_s": float, "eccentric_s": float,
        "peak_torque_nm": float, "mean_torque_nm": float, "work_j": float,
        "peak_speed_deg_s": float, "mean_speed_deg_s": float, "smoothness": float, "quality": str,
    },
    "sets": _WHOSE | {
        "seq": int, "set": int, "side": str, "setting": str, "reps": int, "partial_reps": int,
        "ended_by": str, "duration_s": float,
    },
    "settings": {
        "origin": str, "machine": str, "session": str, "log_ms": int, "sent_as": str, "id": str, "seq": int,
        "set": int, "side": str, "mode": str, "load_kg": float, "start_deg": float, "end_deg": float,
        "reps": int, "work_s": float, "concentric_s": float, "hold_s": float, "eccentric_s": float,
        "rest_s": float, "why": str, "policy": str, "model": str,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Where the tables are, how many rows each has, and how many reps and sets came again (left out)."""

    out: str
    files: Mapping[str, str]
    rows: Mapping[str, int]
    repeated_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWriter:
    """Why a table cannot be written."""

    problem: str

    def __str__(self) -> str:
        """Say it in one line."""
        return self.problem


class Sink(Protocol):
    """A table that takes rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class CsvSink:
    """A table as CSV with a header."""

    def __init__(self, path: Path, columns: Mapping[str, type]) -> None:
        self._file: IO[str] = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.DictWriter(self._file, list(columns))
        self._writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetSink:
    """A table as Parquet; values that are missing are null."""

    def __init__(self, path: Path, columns: Mapping[str, type]) -> None:
        pyarrow = importlib.import_module("pyarrow")  # an extra that CSV does without
        parquet = importlib.import_module("pyarrow.parquet")
        types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
        self._table = pyarrow.Table
        self._schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
        self._writer = parquet.ParquetWriter(path, self._schema)

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._writer.write_table(self._table.from_pylist(list(rows), schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


OWNER_ONLY: Final = 0o600  # as a recording: what people did is in it
SINKS: Final[dict[Form, Callable[[Path, Mapping[str, type]], Sink]]] = {
    "csv": CsvSink,
    "parquet": ParquetSink,
}


def export_tables(path: Path, form: Form, folder: Path) -> Exported | NoRecording | NoWriter:
    """Write the tables of a recording into a folder, which is made when it is not there."""
    about = read_about(path)
    if isinstance(about, NoRecording):
        return about
    if form == "parquet" and importlib.util.find_spec("pyarrow") is None:
        return NoWriter(problem="Parquet needs pyarrow: pip install 'openspine[recordings]', or export csv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = {name: folder / f"{name}.{form}" for name in COLUMNS}
        repeats = Repeats()
        counts = _write(path, repeats, {name: (SINKS[form], file) for name, file in files.items()})
    except OSError as error:
        return NoWriter(problem=f"{error.filename or folder}: {error.strerror}")
    return Exported(
        out=str(folder),
        files={name: str(file) for name, file in files.items()},
        rows=counts,
        repeated_rows=repeats.count,
    )


def _write(
    path: Path,
    repeats: Repeats,
    wanted: Mapping[str, tuple[Callable[[Path, Mapping[str, type]], Sink], Path]],
) -> dict[str, int]:
    counts = dict.fromkeys(wanted, 0)
    waiting: dict[str, list[Row]] = {name: [] for name in wanted}
    with ExitStack() as stack:
        for _, file in wanted.values():
            file.touch(mode=OWNER_ONLY)  # before there is anything in it
        sinks = {name: sink(file, COLUMNS[name]) for name, (sink, file) in wanted.items()}
        for sink in sinks.values():
            stack.callback(sink.close)
        for record in read_records(path):
            for name, row in rows_of(record, repeats):
                counts[name] += 1
                waiting[name].append(row)
                if len(waiting[name]) >= BATCH_ROWS:
                    sinks[name].write(waiting[name])
                    waiting[name].clear()
        for name, rows in waiting.items():
            sinks[name].write(rows)
    return counts


def rows_of(record: Record, repeats: Repeats) -> Iterator[tuple[str, Row]]:
    """Yield what a record adds to the tables, as (table, row); nothing when its row came before."""
    address = topics.parse(record.topic)
    if address is None or not recording.is_readable(record.topic, record.payload):
        return
    whose: Row = {"origin": address.origin, "machine": address.machine, "log_ms": record.log_ms}
    if address.channel == "local/sample":
        sample = recording.to_sample(record)
        values = {"mono_ms": sample.mono_ms, "deg": sample.deg, "deg_s": sample.deg_s}
        yield "samples", whose | values | {"torque_nm": sample.torque_nm}
    elif address.channel in ("up/rep", "up/set"):
        message = codec.decode_up(record.topic, record.payload)
        if isinstance(message, Message) and not repeats.has(address, message.head.stream, message.head.seq):
            yield from _done(message, whose)
    elif address.channel in ("down/plan", "down/setting"):
        yield from _sent(codec.decode_down(record.topic, record.payload), whose)


def _done(message: Message, whose: Row) -> Iterator[tuple[str, Row]]:
    head, body = message.head, message.body
    row = whose | {"session": head.session, "wall_ms": head.wall_ms, "seq": head.seq}
    if isinstance(body, Rep):
        values = {name: getattr(body, name) for name in COLUMNS["reps"] if name not in {*row, "load_kg"}}
        quality = "|".join(body.quality)
        yield "reps", row | values | {"load_kg": body.load_g / 1_000, "quality": quality}
    elif isinstance(body, SetEnd):
        yield "sets", row | {name: getattr(body, name) for name in COLUMNS["sets"] if name not in row}


def _sent(message: object, whose: Row) -> Iterator[tuple[str, Row]]:
    if isinstance(message, Plan):
        for setting in message.settings:
            yield "settings", whose | _setting(setting, "plan")
    elif isinstance(message, Setting):
        yield "settings", whose | _setting(message, "setting")


def _setting(setting: Setting, sent_as: str) -> Row:
    concentric_ms, hold_ms, eccentric_ms = setting.tempo_ms
    names = ("session", "id", "seq", "set", "side", "mode", "reps", "policy", "model")
    return {name: getattr(setting, name) for name in names} | {
        "sent_as": sent_as,
        "load_kg": setting.load_g / 1_000,
        "start_deg": setting.start_cdeg / 100,
        "end_deg": setting.end_cdeg / 100,
        "work_s": setting.work_ms / 1_000,
        "concentric_s": concentric_ms / 1_000,
        "hold_s": hold_ms / 1_000,
        "eccentric_s": eccentric_ms / 1_000,
        "rest_s": setting.rest_ms / 1_000,
        "why": "|".join(f"{one.code}{json.dumps(one.values) if one.values else ''}" for one in setting.why),
    }


def _harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
