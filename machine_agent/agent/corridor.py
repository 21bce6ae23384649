"""The moving corridor: where the arm should be, by the prescribed tempo."""

from contract.messages import Setting


def target_deg(row: Setting, elapsed_ms: int) -> float:
    """Return the angle of the corridor (deg) after `elapsed_ms` of the set: out, hold, back, again."""
    out_ms, hold_ms, back_ms = row.tempo_ms
    cycle_ms = out_ms + hold_ms + back_ms
    start, span = row.start_cdeg / 100, (row.end_cdeg - row.start_cdeg) / 100
    if cycle_ms == 0 or out_ms == 0 or back_ms == 0:
        return start
    at_ms = elapsed_ms % cycle_ms
    if at_ms < out_ms:
        return start + span * at_ms / out_ms
    if at_ms < out_ms + hold_ms:
        return start + span
    return start + span * (cycle_ms - at_ms) / back_ms
