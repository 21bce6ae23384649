"""Rows of a small studio in a real database: a test says only what it cares about."""

import zlib
from dataclasses import dataclass
from typing import Any

from fact_rows import FactRows
from place_rows import BOOT, DAY_MS, NOW_MS, STREAM, named

from services.store import tables

__all__ = ["BOOT", "DAY_MS", "NOW_MS", "STREAM", "StudioRows", "named"]


@dataclass(slots=True)
class StudioRows(FactRows):
    """Adds what was decided and sent, and what staff see of it."""

    def decision(self, name: str, session: str, patient: str = "Chan Mei Ling", **changes: Any) -> str:
        row = {
            "id": named(name),
            "session_id": named(session),
            "patient_id": named(patient),
            "origin": self.origin,
            "kind": "trunk_rotation",
            "side": "left",
            "set_number": 2,
            "occasion": "set_end",
            "basis_stream": STREAM,
            "basis_seq": 7,
            "now_ms": NOW_MS,
            "policy": "steady",
            "model": "effort-1",
            "software": "0.1.0",
            "held": False,
            "raised": "load",
            "binding": "SESSION_CAP",
            "why": [{"code": "raise_load", "values": {"from_g": 12_000, "to_g": 12_500}}],
            "split_g": {"all_good": 700, "limit_session_cap": -200},
            "alerts": [],
            "set_aside": [],
            "capacity_kg": 30.0,
            "capacity_low_kg": 26.0,
            "capacity_high_kg": 34.0,
            "rir": 3.0,
            "previous": {
                "load_g": 12_000,
                "start_cdeg": -1_500,
                "end_cdeg": 1_500,
                "reps": 10,
                "work_ms": 0,
            },
            "request": zlib.compress(b'{"schema":1}'),
            "answer": zlib.compress(b'{"held":false}'),
        }
        self.put(tables.decision, row | changes)
        return named(name)

    def setting(self, name: str, session: str, decision: str, **changes: Any) -> str:
        row = {
            "id": named(name),
            "decision_id": named(decision),
            "session_id": named(session),
            "seq": 1,
            "set_number": 1,
            "ordinal": 1,
            "side": "left",
            "mode": "train",
            "load_g": 12_500,
            "start_cdeg": -1_500,
            "end_cdeg": 1_500,
            "reps": 10,
            "work_ms": 0,
            "tempo_ms": [2_000, 0, 3_000],
            "rest_ms": 60_000,
            "in_plan": False,
            "raised": "load",
            "signed": b"",
            "decided_ms": NOW_MS,
            "state": "pending",
        }
        self.put(tables.setting, row | changes)
        return named(name)

    def alert(self, code: str, severity: str, **changes: Any) -> None:
        row = {
            "id": named(f"alert/{code}/{changes.get('session_id')}"),
            "code": code,
            "severity": severity,
            "origin": self.origin,
            "machine": "rotation-1",
            "patient_id": None,
            "session_id": None,
            "detail": "",
            "raised_ms": NOW_MS,
            "state": "open",
        }
        self.put(tables.alert, row | changes)

    def dead_letter(self, name: str, **changes: Any) -> None:
        row = {
            "id": named(name),
            "topic": "openspine-sim/v1/rotation-1/up/rep",
            "raw": b'{"name": "Secret Person"}',
            "size_bytes": 25,
            "sha256": "0" * 64,
            "reason": "VALUE",
            "detail": "Expected `float`, got `str` - at `$.work_j`",
            "origin": self.origin,
            "machine": "rotation-1",
            "stream": STREAM,
            "seq": 9,
            "received_ms": NOW_MS,
        }
        self.put(tables.dead_letter, row | changes)
