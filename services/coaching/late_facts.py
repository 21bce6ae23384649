"""Facts that come when later sessions have begun (a spool without link): these believe what they missed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from contract.messages import Head, Side
from services.coaching import load, trace
from services.coaching.batch import Batch
from services.coaching.case import Case
from services.coaching.questions import Ask, Asked, request
from services.coaching.reply import Answered
from services.coaching.segment import answers, keep
from services.store import sessions, tables


def carry_on(batch: Batch, answered: Iterable[Answered]) -> None:
    """Move the belief of every later session of these sides; past decisions stay, and nothing is sent."""
    newest = {(ask.session, ask.side): (ask, asked) for ask, asked, _ in answered}
    if not newest:
        return
    later = sessions.later_beliefs(batch.connection, {session for session, _ in newest})
    late = [one for key, one in newest.items() if key in later]
    for ask, asked in sorted(late, key=lambda one: batch.cases[one[0].session].row["opened_ms"]):
        if asked.sets:
            _carry_on(batch, ask, later[ask.session, ask.side])
        else:
            _begin_before(batch, (ask, asked))


def _carry_on(batch: Batch, ask: Ask, later: Sequence[str]) -> None:
    _deepen(batch, later)
    before = batch.cases[ask.session].beliefs[ask.side].latest
    for number in later:
        before = _again(batch, batch.cases[number], ask.side, (before, ask.head))
    batch.ledger.flush(batch.connection)


def _begin_before(batch: Batch, one: Asked) -> None:
    """Begin a session with what was believed then: its sign-in found the belief of a later one."""
    ask, asked = one
    before = latest = sessions.belief_before(batch.connection, ask.session, ask.side)
    if before is None:
        told = answers(batch, [(ask, replace(asked, belief=None))])
        if not told:
            return  # the model failed, and staff know
        latest = told[0][2].belief
    belief = batch.cases[ask.session].beliefs[ask.side]
    belief.before, belief.latest = before, latest
    _write(batch, ask, before, latest)
    batch.ledger.flush(batch.connection)


def _deepen(batch: Batch, later: Iterable[str]) -> None:
    """Load later sessions with their facts, all at once, but those that this batch has in memory."""
    lacking = [number for number in later if number not in batch.cases or batch.cases[number].frame is None]
    batch.cases |= load.load(batch.connection, sessions.sessions(batch.connection, lacking), lacking)


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
        _write(batch, ask, before, before)
    return belief.latest


def _write(
    batch: Batch, ask: Ask, before: dict[str, object] | None, latest: dict[str, object] | None
) -> None:
    row = {"session_id": ask.session, "side": ask.side, "before": before, "latest": latest}
    batch.ledger.change(tables.belief, ("session_id", "side"), row)
