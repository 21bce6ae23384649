"""Looks at decisions once their answers are out: what the sets tell of the model, and what a challenger says.

Nothing here can hold up or change an answer: it reads what is committed, and writes into tables of its own.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Engine

from ml.decision import Decision
from ml.monitoring.set_figures import monitored
from ml.monitoring.shadow import compare
from ml.request import Request
from services.chosen import Chosen
from services.store import monitoring as store
from services.store.engine import writing
from services.store.reading.keyset import Record

BATCH = 25  # decisions of one transaction: a writer of SQLite waits for no longer than their rows take
FAST = 1  # zlib level
_REQUEST, _DECISION = msgspec.json.Decoder(Request), msgspec.json.Decoder(Decision)


@dataclass(slots=True)
class _Seen:
    monitored: list[dict[str, Any]]
    shadows: list[dict[str, Any]]


def look(engine: Engine, challenger: Chosen | None) -> int:
    """Look at the oldest decisions that wait; returns how many."""
    with engine.connect() as connection:
        waiting = store.waiting(connection, BATCH)
    if not waiting:
        return 0
    seen = _Seen([], [])
    for row in waiting:
        _look_at(row, challenger, seen)
    with writing(engine) as connection:
        store.keep(connection, [row.id for row in waiting], seen.monitored, seen.shadows)
    return len(waiting)


def _look_at(row: Record, challenger: Chosen | None, seen: _Seen) -> None:
    """Look at one decision; what cannot be read any more, or not by this version, is left out."""
    try:
        request = _REQUEST.decode(zlib.decompress(row.request))
        decision = _DECISION.decode(zlib.decompress(row.answer))
        seen.monitored += _monitored(row, request, decision)
    except Exception:  # noqa: BLE001 - one odd decision must not stop those behind it; it is only not counted
        return
    if challenger is not None and (row.policy, row.model) != (challenger.policy, challenger.effort.name):
        seen.shadows.append(_shadow(row, request, decision, challenger))


def _monitored(row: Record, request: Request, decision: Decision) -> Sequence[dict[str, Any]]:
    found = monitored(request, decision)
    if found is None:
        return ()
    return (
        {
            "session_id": row.session_id,
            "side": row.side,
            "set_number": found.set,
            "decision_id": row.id,
            "origin": row.origin,
            "kind": row.kind,
            "policy": row.policy,
            "model": row.model,
            "now_ms": row.now_ms,
            "features": list(found.features),
            "innovation": found.innovation,
            "source": found.source,
            "band_held": found.band_held,
        },
    )


def _shadow(row: Record, request: Request, decision: Decision, challenger: Chosen) -> dict[str, Any]:
    """Let the challenger answer the same question; that it fails is an answer too."""
    kept = {
        "decision_id": row.id,
        "policy": challenger.policy,
        "model": challenger.effort.name,
        "origin": row.origin,
        "now_ms": row.now_ms,
    }
    asked = replace(request, policy=challenger.policy, model=challenger.effort.name)
    try:
        answer = challenger.adjust([asked])[0]
        found = compare(asked, decision, answer)
    except Exception as error:  # noqa: BLE001 - whatever a challenger does, the champion has answered
        return kept | _failed(decision, type(error).__name__)
    return kept | {
        "champion_load_g": found.champion_load_g,
        "load_g": found.load_g,
        "champion_raised": found.champion_raised,
        "raised": found.raised,
        "agrees": found.agrees,
        "violations": len(found.violations),
        "champion_p_too_hard": found.champion_p_too_hard,
        "p_too_hard": found.p_too_hard,
        "failed": None,
        "answer": zlib.compress(msgspec.json.encode(answer, order="deterministic"), FAST),
    }


def _failed(decision: Decision, name: str) -> dict[str, Any]:
    return {
        "champion_load_g": max((dose.load_g for dose in decision.rows), default=0),
        "load_g": 0,
        "champion_raised": decision.raised is not None,
        "raised": False,
        "agrees": False,
        "violations": 0,
        "champion_p_too_hard": None,
        "p_too_hard": None,
        "failed": name,
        "answer": None,
    }
