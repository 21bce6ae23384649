"""One stretch of a batch in which no fact depends on an answer that is still to be given."""

from collections.abc import Sequence

from services.coaching import alerts, overriding, plan, questions, reply, trace
from services.coaching.batch import Batch, is_deciding
from services.coaching.case import Case
from services.coaching.mark import Mark
from services.coaching.questions import Asked
from services.coaching.receive import Fact
from services.coaching.record import finish, take
from services.coaching.reply import Answered
from services.coaching.sign_in import Arrival, arrive
from services.coaching.summary import summary_row
from services.store import tables


def work(batch: Batch, segment: Sequence[Fact]) -> list[Answered]:
    """Take all facts of a segment in, ask the model once for all of them, and write; return what it said."""
    signing = [fact for fact in segment if fact.message.head.kind == "sign_in"]
    arrivals = arrive(signing, batch.cases, batch.connection, batch.ledger) if signing else []
    for arrival in arrivals:
        alerts.of_clock(arrival.case, arrival.head, batch.ledger)
        if arrival.has_withdrawn:
            alerts.of_consent(arrival.case, arrival.head, batch.ledger)
        elif arrival.lack:
            alerts.of_limits(arrival.case, arrival.head, arrival.lack, batch.ledger)
    asked = [one for arrival in arrivals for one in questions.of_arrival(batch, arrival)]
    for fact in segment:
        if fact.message.head.kind != "sign_in":
            asked += _take(batch, fact)
    answered = answers(batch, questions.without_outdated(asked))
    _send(batch, arrivals, answered)
    write_sessions(batch)
    batch.ledger.flush(batch.connection)
    return answered


def _take(batch: Batch, fact: Fact) -> list[Asked]:
    """Take a fact in; return what the model is asked because of it, now."""
    case = batch.cases.get(fact.message.head.session or "")
    if case is None:
        take(None, fact.message, fact.origin, batch.ledger)
        return []
    waits = is_deciding(fact, case.row) and _has_to_wait(batch, case, fact)
    if not fact.is_stored:
        take(case, fact.message, fact.origin, batch.ledger, waits=waits)
    else:
        case.take(fact.message)
        if waits or not batch.waiting.is_due(fact):
            return []
        finish(case, fact.message, fact.origin, batch.ledger)
    _repeat(batch, case, fact)
    return [] if waits else questions.of_fact(batch, case, fact)


def _repeat(batch: Batch, case: Case, fact: Fact) -> None:
    """Send staff's dose again where the machine turned it down for being too late."""
    if not overriding.is_turned_down(fact):
        return
    sent = overriding.again(batch.connection, case, fact, batch.desk.command)
    if sent is not None:
        batch.ledger.insert(tables.setting, sent.row)
        place = (case.row["origin"], case.row["machine"])
        outgoing = reply.send(*place, "down/setting", sent.setting, batch.ledger)
        batch.outgoing.append(outgoing)
        batch.traces.append(trace.of_repeat(fact, sent.row["decision_id"], outgoing))


def _has_to_wait(batch: Batch, case: Case, fact: Fact) -> bool:
    head = fact.message.head
    # A row that waits may be of another stream than all of this batch: a spool set aside in mid-session.
    mark = batch.received.marks.get((fact.origin, head.machine, head.stream), Mark())
    return batch.waiting.has_to_wait(fact, mark, case.row, batch.ledger.now_ms)


def write_sessions(batch: Batch) -> None:
    """Write what has changed in the session rows; a new session is written whole."""
    for case in batch.cases.values():
        if not case.stored:
            batch.ledger.replace(tables.session, dict(case.row))
        elif case.row != case.stored:
            changed = {name: value for name, value in case.row.items() if _is_new(case, name, value)}
            batch.ledger.change(tables.session, ("id",), {"id": case.row["id"]} | changed)
        case.stored = dict(case.row)


def _is_new(case: Case, name: str, value: object) -> bool:
    return name not in case.stored or case.stored[name] != value


def answers(batch: Batch, asked: list[Asked]) -> list[Answered]:
    """Ask the model; a question on which it fails stays unanswered, and staff are told."""
    if not asked:
        return []
    try:
        decisions = batch.desk.adjust([one for _, one in asked])
    except Exception as error:  # noqa: BLE001 - facts are kept whatever the model does; staff are told
        return [answer for pair in asked for answer in _alone(batch, pair, error)]
    return [(ask, one, decision) for (ask, one), decision in zip(asked, decisions, strict=True)]


def _alone(batch: Batch, pair: Asked, error: Exception) -> list[Answered]:
    """Ask one by one; a question that fails stays unanswered, and the machine holds."""
    ask, one = pair
    try:
        return [(ask, one, batch.desk.adjust([one])[0])]
    except Exception as again:  # noqa: BLE001 - see above
        case = batch.cases[ask.session]
        detail = f"{type(error).__name__}, {type(again).__name__}"
        alerts.raise_alert(case, ask.head, case.row["origin"], ("model_failed", "red", detail), batch.ledger)
        return []


def _send(batch: Batch, arrivals: list[Arrival], answered: list[Answered]) -> None:
    desk, ledger = batch.desk, batch.ledger
    plans = {arrival.case.row["id"]: arrival for arrival in arrivals}
    for one in answered:
        keep(batch, one)
        ask, case = one[0], batch.cases[one[0].session]
        if ask.session not in plans:
            sent = reply.send_setting(case, one, desk, ledger)
            batch.outgoing += [sent] if sent is not None else []
            batch.traces.append(trace.of_answer(case, ask, sent))
    for number, arrival in plans.items():
        own = [one for one in answered if one[0].session == number]
        place = (arrival.origin, arrival.head.machine)
        is_retired = place in batch.received.retired
        planned = plan.send_plan(arrival, own, desk, ledger, is_retired=is_retired)
        batch.outgoing.append(planned)
        batch.traces += [trace.of_answer(arrival.case, ask, planned) for ask, _, _ in own]


def keep(batch: Batch, one: Answered) -> None:
    """Store a decision, the belief after it, the summary of the side, and its alerts."""
    ask, asked, decision = one
    case = batch.cases[ask.session]
    reply.keep_decision(case, one, batch.desk, batch.ledger)
    belief = case.beliefs[ask.side]
    if asked.sets or belief.latest is None:
        belief.latest = decision.belief
    batch.ledger.replace(
        tables.belief,
        {
            "session_id": ask.session,
            "side": ask.side,
            "patient_id": case.row["patient_id"],
            "origin": case.row["origin"],
            "kind": asked.kind,
            "opened_ms": case.row["opened_ms"],
            "before": belief.before,
            "latest": belief.latest,
        },
    )
    summary = summary_row(case, one)
    if summary is not None:
        batch.ledger.replace(tables.summary, summary)
    alerts.of_decision(case, one, batch.ledger)
    alerts.of_phase(case, one, batch.ledger)
