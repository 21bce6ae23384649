"""Which facts are answered, and all that the model is asked because of them."""

from dataclasses import dataclass

from msgspec import UNSET

from contract.envelope import Standing
from contract.machines import CDEG
from contract.messages import Answer, Flag, Head, Rep, SetEnd, Side
from ml.replacing import replace
from ml.request import Assessment, Dose, Light, Occasion, Raised, Request, SetFacts
from ml.rules import assessments
from ml.rules.light import LIGHT
from services.coaching.batch import BEYOND, Batch, is_late
from services.coaching.case import Case, Frame, PlanRow
from services.coaching.desk import Desk
from services.coaching.receive import Fact
from services.coaching.sign_in import Arrival

GAP = "gap"  # rows of this session are missing below the basis: hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: about which side, because of which row, and whether a set can still use the answer."""

    session: str
    side: Side
    occasion: Occasion
    head: Head
    basis_seq: int  # the newest row of the session that the question has seen
    row: PlanRow | None  # the set to fill; None: only the belief moves
    about: int | None = None  # the set that the row speaks of


Asked = tuple[Ask, Request]


def of_arrival(batch: Batch, arrival: Arrival) -> list[Asked]:
    """Ask for the whole session of every side; nothing without limits."""
    frame = arrival.case.frame
    if frame is None:
        return []
    found = []
    for side in arrival.sides:
        ask = Ask(
            session=arrival.case.row["id"],
            side=side,
            occasion="plan",
            head=arrival.head,
            basis_seq=arrival.head.seq,
            row=None,
        )
        found.append((ask, request(arrival.case, frame, ask, batch.desk, abstain=False)))
    return found


def of_fact(batch: Batch, case: Case, fact: Fact) -> list[Asked]:
    """Ask about every side that this fact is about."""
    frame, head = case.frame, fact.message.head
    if frame is None:
        return []
    mark = batch.received.marks[fact.origin, head.machine, head.stream]
    is_gap = mark.has_gap(case.row["first_seq"], case.newest_seq)
    over = batch.begun.get(case.row["id"], 0) if case.row["closed_ms"] is None else BEYOND
    found = []
    for side in _sides(case, fact, over):
        row = case.next_row(side)
        ask = Ask(
            session=case.row["id"],
            side=side,
            occasion=_occasion(case, fact, side),
            head=head,
            basis_seq=case.newest_seq,
            row=row if row is not None and row.set > over else None,
            about=getattr(fact.message.body, "set", None),
        )
        found.append((ask, request(case, frame, ask, batch.desk, abstain=is_gap)))
    return found


def _sides(case: Case, fact: Fact, over: int) -> list[Side]:
    body = fact.message.body
    if isinstance(body, SetEnd):
        return [body.side] if body.set in case.plan else []
    if isinstance(body, Rep):
        return [body.side] if is_late(fact, case.row) and body.set in case.ends else []
    if not isinstance(body, Answer):
        return []
    if body.set is not None:
        row = case.plan.get(body.set)
        return [row.side] if row is not None and body.set in case.ends else []
    # An answer about the day moves whatever is still to come, on every side.
    waiting = [(side, case.next_row(side)) for side in case.sides()]
    return [side for side, row in waiting if row is not None and row.set > over]


def _occasion(case: Case, fact: Fact, side: Side) -> Occasion:
    """Before the first set the whole session is planned anew; then one set after the other."""
    if not any(True for _ in case.done(side)):
        return "plan"
    return "answer" if isinstance(fact.message.body, Answer) else "set_end"


def without_outdated(asked: list[Asked]) -> list[Asked]:
    """Drop questions that only move the belief when a later one has seen more."""
    last = {(ask.session, ask.side): place for place, (ask, _) in enumerate(asked)}
    return [
        (ask, one)
        for place, (ask, one) in enumerate(asked)
        if ask.row is not None or last[ask.session, ask.side] == place or not one.sets
    ]


def request(case: Case, frame: Frame, ask: Ask, desk: Desk, *, abstain: bool) -> Request:
    """Put together everything that a decision about the next set of one side may know."""
    gap = GAP if abstain else None
    asked = replace(known(case, frame, ask), abstain=gap, policy=desk.policy, model=desk.model)
    is_new = ask.occasion == "plan" and not case.plan
    return replace(asked, tests=assessments.due(asked, frame.ordered)) if is_new else asked


def known(case: Case, frame: Frame, ask: Ask) -> Request:
    """Put together what is known of one side now; who decides, and on what terms, is left open."""
    side, occasion = ask.side, ask.occasion
    brought = frame.sides[side]
    row = ask.row
    belief = case.beliefs.get(side)
    return Request(
        occasion=occasion,
        now_ms=ask.head.wall_ms,
        kind=case.row["kind"],
        side=side,
        profile=frame.profile,
        person=frame.person,
        visit=frame.visit,
        session_number=brought.session_number,
        envelope=frame.envelope,
        standing=standing(case, frame, side),
        flags=_flags(case, frame),
        ceiling_g=frame.ceiling_g,
        current=None if occasion == "plan" else _current(case, side),
        next_set=row.ordinal
        if row and occasion != "plan"
        else 1 + max((plan.ordinal for plan in case.done(side)), default=0),
        sets=_sets(case, side),
        today=case.answers(None),
        raised_today=_raised_today(case, side),
        past=brought.past,
        days_away=brought.days_away,
        gravity_measured=case.row["gravity"] or occasion == "plan",  # the weigh-in follows the plan
        belief=belief.before if belief else None,
        elsewhere=frame.elsewhere,
        course=replace(frame.course, tested_ms=brought.tested_ms),
        painless_range_cdeg=_painless_cdeg(case, side),
        tests=_planned_tests(case, side),
        stations=frame.stations,
    )


def _planned_tests(case: Case, side: Side) -> tuple[Assessment | Light, ...]:
    """Name the tests that the plan holds for a side: its rows keep their places in the session."""
    if any(row.dose.is_for_staff for row in case.plan.values() if row.side == side):
        return (LIGHT,)
    modes = {row.dose.mode for row in case.plan.values() if row.side == side}
    found: list[Assessment] = ["mobility"] if "mobility" in modes else []
    return (*found, "strength") if "isometric" in modes else tuple(found)


def _painless_cdeg(case: Case, side: Side) -> tuple[int, int] | None:
    """Return the widest rep without load of a mobility set of today, None without one."""
    free = [row for row in case.done(side) if row.dose.mode == "mobility"]
    reps = [rep for row in free for rep in case.reps_of(row.set)]
    if not reps:
        return None
    widest = max(reps, key=lambda rep: rep.end_deg - rep.start_deg)
    return round(widest.start_deg * CDEG), round(widest.end_deg * CDEG)


def standing(case: Case, frame: Frame, side: Side) -> Standing:
    """Tell where a side stands in this session, as the guard of the machine sees it."""
    history = frame.sides[side].history
    work = [case.dose_done(row) for row in case.done(side) if row.dose.mode == "train"]
    peaks = [int(rep.end_deg * CDEG) for row in case.done(side) for rep in case.reps_of(row.set)]
    return Standing(
        history=history,
        accepted_g=work[-1].load_g if work else None,
        day_start_g=history.day_start_g or (work[0].load_g if work else 0),
        range_cdeg=(work[0].start_cdeg, work[0].end_cdeg) if work else None,
        peaks_cdeg=tuple(peaks),
    )


def _flags(case: Case, frame: Frame) -> tuple[Flag, ...]:
    added: list[Flag] = []
    if case.had_pain:
        added.append("pain_today")
    if case.today.spasm:
        added.append("spasm")
    if case.is_held:
        added.append("no_increase")
    return tuple(dict.fromkeys((*frame.flags, *added)))


def _current(case: Case, side: Side) -> Dose | None:
    """Tell the dose in force: what was last applied in a set of the same kind, else the plan's row."""
    row = case.next_row(side)
    last = None
    for done in case.done(side):
        last = case.dose_done(done)
    if row is None or (last is not None and last.mode == row.dose.mode):
        return last
    return row.dose


def _sets(case: Case, side: Side) -> tuple[SetFacts, ...]:
    return tuple(
        SetFacts(
            applied=case.dose_done(row),
            reps=_tries(case, row) if row.dose.mode == "isometric" else case.reps_of(row.set),
            end=case.ends[row.set],
            answers=case.answers(row.set),
            chosen=True if case.is_chosen(case.ends[row.set].setting) else UNSET,
        )
        for row in case.done(side)
    )


def _tries(case: Case, row: PlanRow) -> tuple[Rep, ...]:
    """Put the tries of a strength test as reps: the torque held for 3 s is the figure of each."""
    dose, setting = case.dose_done(row), case.ends[row.set].setting
    angle_deg = dose.start_cdeg / CDEG
    mine = [one for one in case.tests if (one.side, one.angle_cdeg) == (row.side, dose.start_cdeg)]
    return tuple(
        Rep(
            set=row.set,
            rep=one.attempt,
            side=row.side,
            setting=setting,
            load_g=0,
            start_deg=angle_deg,
            end_deg=angle_deg,
            peak_torque_nm=one.peak_torque_nm,
            mean_torque_nm=one.mean_3s_nm,
            quality=("test",),
            concentric_s=0.0,
            hold_s=0.0,
            eccentric_s=0.0,
            work_j=0.0,
            peak_speed_deg_s=0.0,
            mean_speed_deg_s=0.0,
            smoothness=0.0,
        )
        for one in sorted(mine, key=lambda one: one.attempt)
    )


def _raised_today(case: Case, side: Side) -> Raised | None:
    for row in case.done(side):
        raised = case.raised.get(case.ends[row.set].setting)
        if raised is not None:
            return raised
    return None
