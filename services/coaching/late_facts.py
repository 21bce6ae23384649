"""Facts of a session that is over (yesterday's spool): later sessions believe what they should have known."""

from collections.abc import Iterable
from dataclasses import replace

from contract.messages import Head, Side
from services.coaching import load, trace
from services.coaching.batch import Batch
from services.coaching.case import Case
from services.coaching.questions import Ask, request
from services.coaching.reply import Answered
from services.coaching.segment import answers, keep
from services.store import sessions, tables


def carry_on(batch: Batch, answered: Iterable[Answered]) -> None:
    """Move the belief of every later session of these sides; past decisions stay, and nothing is sent."""
    for one in answered:
        _carry_on(batch, one)


def _carry_on(batch: Batch, one: Answered) -> None:
    ask, asked, _ = one
    case = batch.cases[ask.session]
    if not asked.sets or not case.was_closed:
        return
    before = case.beliefs[ask.side].latest
    later = sessions.later_beliefs(
        batch.connection, case.row["patient_id"], asked.kind, case.row["opened_ms"]
    )
    for number in [row.session_id for row in later if row.side == ask.side]:
        rows = sessions.sessions(batch.connection, [number])
        batch.cases |= load.load(batch.connection, rows, [number])
        before = _again(batch, batch.cases[number], ask.side, (before, ask.head))


def _again(
    batch: Batch, case: Case, side: Side, start: tuple[dict[str, object] | None, Head]
) -> dict[str, object] | None:
    """Work a later session out again from a corrected belief; nothing is sent."""
    before, head = start
    belief, frame = case.beliefs[side], case.frame
    belief.before = before
    ask = Ask(
        session=case.row["id"],
        side=side,
        occasion="answer",
        head=replace(head, wall_ms=case.row["opened_ms"]),
        basis_seq=case.newest_seq,
        row=None,
    )
    if frame is not None and any(True for _ in case.done(side)):
        asked = [(ask, request(case, frame, ask, batch.desk, abstain=False))]
        for one in answers(batch, asked):
            keep(batch, one)
            batch.traces.append(trace.of_answer(case, ask, None))
    else:
        belief.latest = before
        batch.ledger.change(
            tables.belief,
            ("session_id", "side"),
            {"session_id": case.row["id"], "side": side, "before": before, "latest": before},
        )
    batch.ledger.flush(batch.connection)
    return belief.latest
