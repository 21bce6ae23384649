"""What people did, as rows: visits, sessions, reps, sets, answers and their summaries."""

from dataclasses import dataclass
from typing import Any

from place_rows import BOOT, NOW_MS, STREAM, PlaceRows, named

from services.store import tables


@dataclass(slots=True)
class FactRows(PlaceRows):
    """Adds what happened at the machines."""

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
            "filed_ms": NOW_MS,
        }
        self.put(tables.session, row | changes)
        return named(name)

    def rep(self, session: str, number: int, **changes: Any) -> None:
        row = self.recorded(session) | {
            "filed_ms": NOW_MS,
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
