"""Rows of a small studio in a real database: a test says only what it cares about."""

import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, Table

from services.store import tables
from services.store.engine import writing

NOW_MS = 1_795_000_000_000  # 2026-11-18T10:26:40Z
DAY_MS = 86_400_000
STREAM = "11111111-1111-4111-8111-111111111111"
BOOT = "22222222-2222-4222-8222-222222222222"
_SPACE = UUID("12345678-1234-4234-8234-123456789abc")


def named(name: str) -> str:
    """Make the id that a name stands for in tests."""
    return str(uuid5(_SPACE, name))


@dataclass(slots=True)
class StudioRows:
    """Writes rows with sensible values; ids are made of names."""

    engine: Engine
    origin: str = "sim"
    seq: int = 0

    def put(self, table: Table, row: dict[str, Any]) -> None:
        with writing(self.engine) as connection:
            connection.execute(table.insert(), [row])

    def clear(self) -> None:
        with writing(self.engine) as connection:
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(table.delete())

    def recorded(self, session: str, **changes: Any) -> dict[str, Any]:
        self.seq += 1
        return {
            "origin": self.origin,
            "machine": "rotation-1",
            "stream": STREAM,
            "seq": self.seq,
            "session_id": named(session),
            "wall_ms": NOW_MS + self.seq,
        } | changes

    def site(self, **changes: Any) -> None:
        self.put(tables.site, {"id": "studio", "name": "Studio", "time_zone": "Asia/Hong_Kong"} | changes)

    def machine(self, name: str = "rotation-1", **changes: Any) -> None:
        row = {
            "origin": self.origin,
            "id": name,
            "kind": "trunk_rotation",
            "site_id": "studio",
            "name": name.replace("-", " ").capitalize(),
            "enrolled_ms": NOW_MS,
            "retired": False,
        }
        self.put(tables.machine, row | changes)

    def status(self, name: str = "rotation-1", **changes: Any) -> None:
        row = {
            "origin": self.origin,
            "machine": name,
            "online": True,
            "boot": BOOT,
            "state": "WORKING",
            "spool_rows": 3,
            "firmware": "1.4.0",
            "clock": "sim",
            "wall_ms": NOW_MS,
            "mono_ms": 1_000,
            "received_ms": NOW_MS,
        }
        self.put(tables.status, row | changes)

    def patient(self, name: str = "Chan Mei Ling", **changes: Any) -> str:
        row = {
            "id": named(name),
            "origin": self.origin,
            "site_id": "studio",
            "code": f"P-{name.rsplit(maxsplit=1)[-1]}",
            "name": name,
            "language": "zh-HK",
            "birth_year": 1954,
            "sex": "female",
            "mass_kg": 52.0,
            "height_m": 1.55,
            "profile": "rehab",
            "baseline_nrs": 4,
            "flags": {"osteoporosis": True, "hypermobile": False, "back_pain": True},
            "stations": ["trunk_rotation"],
            "set_up": {},
            "created_ms": NOW_MS,
        } | changes
        self.put(tables.patient, row)
        return str(row["id"])

    def limits(self, patient: str = "Chan Mei Ling", **changes: Any) -> None:
        side = {"lowest_cdeg": -1_500, "highest_cdeg": 2_000, "start_highest_cdeg": 1_500}
        row = {
            "patient_id": named(patient),
            "kind": "trunk_rotation",
            "version": 1,
            "envelope": {"sides": {"left": side, "right": side}},
            "others": {},
            "phase": "build",
            "max_load_g": 20_000,
            "phase_cap_g": 15_500,
            "valid_until_ms": NOW_MS + 30 * DAY_MS,
            "signed_by": "Dr Demo (DEMO)",
            "reason": "first",
            "signed_ms": NOW_MS - DAY_MS,
        } | changes
        self.put(tables.limits, {"id": named(f"{patient}/{row['kind']}/{row['version']}")} | row)

    def visit(self, name: str, patient: str = "Chan Mei Ling", **changes: Any) -> None:
        row = {
            "id": named(name),
            "patient_id": named(patient),
            "origin": self.origin,
            "day": name,
            "number": 1,
            "started_ms": NOW_MS,
            "pain_before": 3,
            "pain_after": None,
            "morning_nrs": None,
            "spasm": False,
            "new_symptoms": "none",
        }
        self.put(tables.visit, row | changes)

    def session(self, name: str, patient: str | None = "Chan Mei Ling", **changes: Any) -> str:
        row: dict[str, Any] = {
            "id": named(name),
            "origin": self.origin,
            "machine": "rotation-1",
            "kind": "trunk_rotation",
            "patient_id": named(patient) if patient else None,
            "visit_id": None,
            "stream": STREAM,
            "boot": BOOT,
            "first_seq": 1,
            "last_seq": 1,
            "nonce": None,
            "clock": "sim",
            "opened_ms": NOW_MS,
            "closed_ms": None,
            "heard_ms": NOW_MS,
            "commands": 1,
            "number": 1,
            "begun_set": 1,
            "gravity": True,
            "frame": {},
        }
        self.put(tables.session, row | changes)
        return named(name)

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

    def rep(self, session: str, number: int, **changes: Any) -> None:
        row = self.recorded(session) | {
            "set_number": 1,
            "rep_number": number,
            "side": "left",
            "setting_id": named("setting-1"),
            "load_g": 12_500,
            "start_deg": -14.5,
            "end_deg": 14.5,
            "concentric_s": 2.0,
            "hold_s": 0.0,
            "eccentric_s": 3.0,
            "peak_torque_nm": 61.0,
            "mean_torque_nm": 50.0,
            "work_j": 25.0,
            "peak_speed_deg_s": 30.0,
            "mean_speed_deg_s": 15.0,
            "smoothness": -1.8,
            "quality": [],
            "curve": {"deg": [0.0] * 32, "nm": [1.0] * 32},
        }
        self.put(tables.rep, row | changes)

    def set_end(self, session: str, number: int = 1, **changes: Any) -> None:
        row = self.recorded(session) | {
            "set_number": number,
            "side": "left",
            "mode": "train",
            "setting_id": named("setting-1"),
            "reps": 2,
            "partial_reps": 0,
            "ended_by": "target",
            "duration_s": 52.0,
            "load_g": 12_500,
            "start_cdeg": -1_500,
            "end_cdeg": 1_500,
            "work_ms": 0,
            "rir": None,
            "pain_set": None,
        }
        self.put(tables.finished_set, row | changes)

    def answer(self, session: str, question: str, value: int | str, **changes: Any) -> None:
        row = self.recorded(session) | {
            "question": question,
            "set_number": 1,
            "number": value if isinstance(value, int) else None,
            "word": value if isinstance(value, str) else None,
        }
        self.put(tables.answer, row | changes)

    def summary(self, session: str, visit: str, patient: str = "Chan Mei Ling", **changes: Any) -> None:
        row = {
            "session_id": named(session),
            "side": "left",
            "patient_id": named(patient),
            "visit_id": named(visit),
            "origin": self.origin,
            "kind": "trunk_rotation",
            "wall_ms": NOW_MS,
            "visit": 1,
            "load_g": 12_500,
            "first_load_g": 12_000,
            "start_cdeg": -1_500,
            "end_cdeg": 1_500,
            "peak_cdeg": 1_450,
            "sets": 1,
            "reps": 10,
            "total_reps": 10,
            "work_ms": 0,
            "flagged_reps": 0,
            "work_j": 250.0,
            "under_tension_s": 50.0,
            "effort_cr10": 4.0,
            "pain_before": 3,
            "pain_set": 2,
            "morning_nrs": None,
            "raised": "load",
            "ended_by": "target",
            "regular": True,
            "capacity_kg": 30.0,
            "capacity_low_kg": 26.0,
            "capacity_high_kg": 34.0,
        }
        self.put(tables.summary, row | changes)

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
