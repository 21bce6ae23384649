"""One cue at a time: what the last rep asks for, or when to breathe."""

from typing import Literal

from contract.messages import Rep, RepPhase
from machine_agent.agent.view import Row

Cue = Literal[
    "posture", "further", "slower_back", "slower_out", "hold", "good", "breathe_out", "breathe_in", "go"
]

SHORT_DEG = 3.0  # so far from the end angle is "a little further" (the detector's own tolerance)
HASTE = 0.7  # a phase shorter than this share of its time is hasty
HOLD_LEAST_S = 0.5  # a shorter hold is not asked for
_BREATHING: dict[RepPhase, Cue] = {
    "concentric": "breathe_out",
    "hold": "hold",
    "eccentric": "breathe_in",
    "turn": "good",
}


def after_rep(rep: Rep, row: Row) -> Cue | None:
    """Name what matters most in a finished rep: posture, then range, then pace; None: nothing to change."""
    out_s, hold_s, back_s = (part_ms / 1_000 for part_ms in row.tempo_ms)
    if "posture" in rep.quality:
        return "posture"
    if "partial" in rep.quality or rep.end_deg < row.end_cdeg / 100 - SHORT_DEG:
        return "further"
    if rep.eccentric_s < back_s * HASTE:
        return "slower_back"
    if rep.concentric_s < out_s * HASTE:
        return "slower_out"
    return "hold" if hold_s >= HOLD_LEAST_S and rep.hold_s < hold_s * HASTE else None


def shown(correction: Cue | None, phase: RepPhase, row: Row | None) -> Cue:
    """Choose the one cue of this moment: a correction stays through the next rep, otherwise breathing."""
    is_turn = phase == "hold" and row is not None and row.tempo_ms[1] / 1_000 < HOLD_LEAST_S
    return correction or _BREATHING.get("eccentric" if is_turn else phase, "go")
