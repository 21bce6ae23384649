"""`bench backlog`: full spools come back while others train."""

from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, in_one_line, say
from openspine.verbs.options import AsJson


def run(
    *,
    rows: Annotated[int, Parameter(help="Rows that wait in all spools together.")] = 20_000,
    spools: Annotated[int, Parameter(help="Machines that were away.")] = 100,
    live: Annotated[int, Parameter(help="Machines that train meanwhile.")] = 12,
    json: AsJson = False,
) -> None:
    """Measure how soon a backlog is stored, and how long live reps wait beside it (PostgreSQL)."""
    if not 1 <= spools <= rows or live < 1:
        raise Failure("--spools: from 1 to as many as --rows; --live: at least 1", ExitCode.USAGE)
    from openspine.bench.backlog import GOAL_RATIO, GOAL_S, BacklogOptions, measure  # noqa: PLC0415 (heavy)

    with in_one_line():
        found = measure(BacklogOptions(rows=rows, spools=spools, live=live), say)
    is_met = found["drained_s"] <= GOAL_S and (found["ratio"] or GOAL_RATIO + 1) <= GOAL_RATIO
    found |= {"goal_s": GOAL_S, "goal_ratio": GOAL_RATIO, "ok": is_met}
    waited = f"live p99 {found['live_ms'].get('p99')} ms, quiet {found['quiet_ms'].get('p99')} ms"
    lines = [
        f"stored {found['stored']} of {found['rows']} in {found['drained_s']} s (goal {GOAL_S:g} s)",
        f"{waited}: {found['ratio']} x (goal {GOAL_RATIO:g} x)",
    ]
    hand_over(found, as_json=json, lines=lines)
