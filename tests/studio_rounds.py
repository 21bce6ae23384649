"""The rounds through a scripted studio, and the alerts that they leave."""

from typing import Any

from scripted_studio import Studio

from contract.messages import Origin
from openspine.bench.fence import filled
from services.office import rounds
from services.store import engine as store
from services.store import inbox, rows, tables


def go(studio: Studio, now_ms: int, origin: Origin = "sim") -> int:
    with store.writing(studio.engine) as connection:
        return rounds.quick_round(connection, origin, now_ms)


def alerts(studio: Studio, code: str) -> list[tuple[str, str]]:
    return [(row["severity"], row["state"]) for row in studio.rows(tables.alert) if row["code"] == code]


def put(studio: Studio, table: Any, **row: Any) -> None:
    with store.writing(studio.engine) as connection:
        rows.upsert(connection, table, [row])


def slow(studio: Studio, now_ms: int) -> int:
    with store.writing(studio.engine) as connection:
        found = rounds.slow_round(connection, "sim", "rule", now_ms)
        return inbox.raise_missing(connection, found)


def trained(studio: Studio, patient: str, wall_ms: int) -> None:
    (session,) = studio.rows(tables.session)
    known = {"patient_id": patient, "session_id": session["id"], "visit_id": session["visit_id"]}
    known |= {"origin": "sim", "wall_ms": wall_ms}
    put(studio, tables.summary, **filled(tables.summary, known | {"side": "left", "kind": "trunk_rotation"}))
