"""From a sign-in to the signed plan of the whole session."""

from contract.messages import Plan, Question
from ml.replacing import replace
from ml.request import Dose
from services.coaching import care, reply
from services.coaching.case import Case, Frame, PlanRow
from services.coaching.desk import Desk, Outgoing
from services.coaching.names import made_id
from services.coaching.reply import Answered
from services.coaching.sign_in import Arrival, nobody
from services.store.ledger import Ledger


def send_plan(
    arrival: Arrival, answered: list[Answered], desk: Desk, ledger: Ledger, *, is_retired: bool = False
) -> Outgoing:
    """Sign the whole session; without a person or without limits there are no sets in it.

    What a retired machine is sent has none either; the sets are kept, for those that it did offline before.
    """
    case, frame = arrival.case, arrival.case.frame
    rows = _plan_rows([decision.rows for _, _, decision in answered])
    if arrival.half is not None:
        rows = care.halved(case, rows, arrival.half, ledger)
    by_side = {ask.side: (ask, decision) for ask, _, decision in answered}
    settings = []
    for row in rows:
        ask, decision = by_side[row.side]
        setting = desk.command.sign_setting(reply.setting_of(case, row, arrival.head, decision, desk))
        case.plan[row.set] = row
        case.doses[setting.id] = row.dose
        kept = reply.Kept(decision=reply.decision_id(case, ask), state="planned", now_ms=arrival.head.wall_ms)
        reply.keep_setting(case, setting, row, decision, kept, ledger)
        settings.append(setting)
    person = arrival.person
    is_known = person is not None and frame is not None
    plan = Plan(
        session=case.row["id"],
        nonce=arrival.body.nonce,
        patient=made_id("reference", case.row["id"]),
        greeting=person.name if person is not None else "",
        language=person.language if person is not None else "en",
        clock=case.row["clock"],
        profile=person.profile if person is not None else "rehab",
        envelope=frame.envelope if frame else nobody(desk, arrival.body),
        settings=tuple(settings),
        history={side: brought.history for side, brought in frame.sides.items()} if frame else {},
        flags=frame.flags if frame else ("no_increase",),
        ceiling_g=frame.ceiling_g if frame else 0,
        questions=_questions(case, frame) if is_known else (),
        set_up=person.set_up.get(arrival.body.machine_kind, {}) if person is not None else {},
        key_id=desk.command.key_id,
        next=arrival.next if settings or arrival.is_swapped_out else None,
        spent_ms=arrival.spent_ms,
    )
    signed = desk.command.sign_plan(_closed(plan, arrival, desk) if is_retired else plan)
    return reply.send(case.row["origin"], case.row["machine"], "down/plan", signed, ledger)


def _closed(plan: Plan, arrival: Arrival, desk: Desk) -> Plan:
    """Leave in a plan that nothing may be trained here, and who is told so: a next station would say why."""
    envelope = nobody(desk, arrival.body)
    bare = replace(plan, envelope=envelope, settings=(), history={}, ceiling_g=0, questions=(), set_up={})
    return replace(bare, next=None)


def _plan_rows(by_side: list[tuple[Dose, ...]]) -> list[PlanRow]:
    """Put the sets of both sides into one order: in turns, the first side first."""
    turns = [
        dose
        for index in range(max((len(rows) for rows in by_side), default=0))
        for rows in by_side
        for dose in rows[index : index + 1]
    ]
    return [
        PlanRow(set=number, side=dose.side, ordinal=dose.set, dose=dose)
        for number, dose in enumerate(turns, start=1)
    ]


def _questions(case: Case, frame: Frame | None) -> tuple[Question, ...]:
    asked: list[Question] = []
    if case.today.pain_before is None:
        asked += ["pain_before", "spasm", "new_symptoms"]
        if frame is not None and frame.previous_visit is not None and case.today.morning_nrs is None:
            asked.insert(0, "pain_next_morning")
    return (*asked, "rir", "pain_set")
