"""Facts that come when later sessions have begun (a spool without link): these believe what they missed."""

from collections.abc import Iterable
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


def _carry_on(batch: Batch, ask: Ask, later: Iterable[str]) -> None:
    before = batch.cases[ask.session].beliefs[ask.side].latest
    for number in later:
        before = _again(batch, _deep(batch, number), ask.side, (before, ask.head))


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


def _deep(batch: Batch, number: str) -> Case:
    """Find a later session with its facts: as it is in this batch, else as it is stored."""
    known = batch.cases.get(number)
    if known is not None and known.frame is not None:
        return known
    batch.cases |= load.load(batch.connection, sessions.sessions(batch.connection, [number]), [number])
    return batch.cases[number]


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
    batch.ledger.flush(batch.connection)
    return belief.latest


def _write(
    batch: Batch, ask: Ask, before: dict[str, object] | None, latest: dict[str, object] | None
) -> None:
    row = {"session_id": ask.session, "side": ask.side, "before": before, "latest": latest}
    batch.ledger.change(tables.belief, ("session_id", "side"), row)
    batch.ledger.flush(batch.connection)
