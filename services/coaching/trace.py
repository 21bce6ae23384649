"""Which row led to which decision, and to which settings: for the log, so names and figures stay out."""

from services.coaching.case import Case
from services.coaching.desk import Outgoing, Trace
from services.coaching.questions import Ask
from services.coaching.receive import Fact
from services.coaching.reply import decision_id


def of_answer(case: Case, ask: Ask, sent: Outgoing | None) -> Trace:
    """Follow a question to its decision, to the settings made of it, and to the message they left in."""
    decision = decision_id(case, ask)
    reps: dict[str, list[int]] = {}
    for stream, seq in sorted(case.rep_rows.get(ask.about or 0, ())):
        reps.setdefault(stream, []).append(seq)
    return Trace(
        decision=decision,
        origin=case.row["origin"],
        head=ask.head,
        session=ask.session,
        side=ask.side,
        set=ask.about,
        reps=reps,
        settings=tuple(case.made.get(decision, ())),
        sent=None if sent is None else sent.id,
    )


def of_repeat(fact: Fact, decision: str, sent: Outgoing) -> Trace:
    """Follow a receipt that turned staff's dose down to the setting that says it again."""
    head = fact.message.head
    return Trace(
        decision=decision,
        origin=fact.origin,
        head=head,
        session=head.session or "",
        settings=(sent.id,),
        sent=sent.id,
    )
