"""A session of a course: plan, answers, sets with a decision after each, and what is remembered of it.

The model is asked nothing that a product would not know; only the oracle's arm is told the truth.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from contract.envelope import limits, violations
from contract.machines import CDEG
from emulator.control import ablation, chances, clinician, oracle
from emulator.control.asking import question
from emulator.control.course import Ask, Course, Done, Life
from emulator.control.free_oracle import unbound
from emulator.control.past import standing
from emulator.control.sets import Bout, Effected
from emulator.control.strength import pushed
from emulator.control.truth import doses_of, effort_of, possible_reps, usual_span_cdeg
from emulator.people.bodies import Bodies
from emulator.people.condition import later, readiness_log
from emulator.rep_level.sets import rested
from ml.clinical.phases import PhaseVisit
from ml.decision import Decision
from ml.request import Answers, Dose, Raised, Request, SetFacts
from ml.rules.effort_target import effort_target
from ml.rules.spasm import phase_in_force


@dataclass(slots=True, kw_only=True)
class _Session:
    """One session under way (mutable: sets are added; the body tires)."""

    course: Course
    day: int
    body: Bodies
    asked: Request
    sets: list[SetFacts] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    raised: Raised | None = None
    truth: dict[str, object] | None = None  # of today, for the oracle alone
    possible: float | None = None  # true reps that were possible in the newest set


def life(course: Course, days: Sequence[int], end_day: int) -> Life:
    """Live through all booked days, until the end."""
    for day in days:
        if course.arrive(day):
            yield from _visit(course, day)
    course.condition = later(course.person, course.condition, float(end_day))


def _visit(course: Course, day: int) -> Life:
    session = _begun(course, day)
    decision = plan = yield from _decided(session, replace(session.asked, today=Answers()))
    if plan.rows:
        asked = replace(session.asked, occasion="answer", current=plan.rows[0])
        decision = yield from _decided(session, asked)
    rows = _left(plan.rows, decision)
    for number, row in enumerate(rows):
        if not decision.rows or (decision.rows[0].load_g == 0 and row.mode != "isometric"):
            break
        upcoming = rows[number + 1] if number + 1 < len(rows) else None
        do = _test if row.mode == "isometric" else _set
        decision = yield from do(session, decision, row, upcoming)
    belief = decision.belief
    if session.truth is not None:  # its limits are signed by what the product would have learned of its sets
        asked = replace(session.asked, sets=tuple(session.sets), next_set=len(session.sets) + 1)
        belief = cast("Decision", (yield Ask(request=asked))).belief
    _remember(session, decision, belief)


def _left(planned: Sequence[Dose], decision: Decision) -> Sequence[Dose]:
    """Pass the strength tests over that today's answer forbids: the decision then is about work."""
    if decision.rows and decision.rows[0].mode == "isometric":
        return planned
    return [row for row in planned if row.mode != "isometric"]


def _test(
    session: _Session, decision: Decision, planned: Dose, upcoming: Dose | None
) -> Generator[Ask | Bout, Decision | Effected, Decision]:
    """Push at one angle, and decide about what comes after it."""
    course, dose = session.course, replace(decision.rows[0], set=planned.set)
    chance = chances.of_strength(course.person.seed, session.day, course.kind.name, dose.set)
    limit_nm = session.asked.envelope.max_torque_nm
    session.sets.append(pushed(session.body, dose, limit_nm, chance, session.asked.today))
    return (yield from _decided(session, _after_set(session, upcoming or dose)))


def _set(
    session: _Session, decision: Decision, planned: Dose, upcoming: Dose | None
) -> Generator[Ask | Bout, Decision | Effected, Decision]:
    """Do the set that is decided, and decide about the one after it."""
    course, dose = session.course, replace(decision.rows[0], set=planned.set)
    bout = Bout(
        body=session.body,
        dose=dose,
        stop=None if course.arm.without == "stop" else decision.stop,
        chance=chances.of_set(course.person.seed, session.day, course.kind.name, dose.set),
        today=session.asked.today,
        says_rir=course.arm.without != "reported",
    )
    found = cast("Effected", (yield bout))
    broken = _broken(session, dose)
    session.possible = _possible(session.body, dose, found)
    session.body = session.body.tired(rested(session.body.fatigued * 0 + found.fatigued, dose.rest_ms / 1000))
    session.sets.append(found.facts)
    session.raised = session.raised or decision.raised
    current = dose if upcoming is None or upcoming.mode == dose.mode else upcoming
    following = yield from _decided(session, _after_set(session, current))
    done = _done(session, decision, found, following)
    session.done.append(replace(done, planned=planned, broken=broken))
    return following


def _decided(session: _Session, asked: Request) -> Generator[Ask | Bout, Decision | Effected, Decision]:
    course = session.course
    arm, own = course.arm, course.arm.own
    if session.truth is not None:
        asked = oracle.told(replace(asked, belief=session.truth), session.body, session.possible)
        own = unbound(session.body) if arm.without == "steps" else oracle.policy(session.body)
    elif arm.without == "pain":
        own = ablation.painless(asked.policy)
    return cast("Decision", (yield Ask(request=asked, own=own, hides_speed=arm.without == "speed")))


def _begun(course: Course, day: int) -> _Session:
    asked, body = question(course, day), course.body()
    return _Session(course=course, day=day, body=body, asked=asked, truth=_truth(course, body, day))


def _truth(course: Course, body: Bodies, day: int) -> dict[str, object] | None:
    """Return what the oracle's arm is told of today; nothing to the others."""
    if not course.arm.knows_truth:
        return None
    ready_log = readiness_log(course.person, day, course.kind.name)
    return oracle.belief_of(body, course.kind, course.side, len(course.past.sessions) + 1, ready_log)


def _after_set(session: _Session, current: Dose) -> Request:
    return replace(
        session.asked,
        occasion="answer",
        sets=tuple(session.sets),
        standing=standing(session.course.past.history, session.sets),
        current=current,
        next_set=len(session.sets) + 1,
        raised_today=session.raised,
    )


def _broken(session: _Session, dose: Dose) -> tuple[str, ...]:
    """List what a command breaks of the envelope, judged apart from the limiter that let it out."""
    asked = session.asked
    stands = standing(session.course.past.history, session.sets)
    kind, side = session.course.kind, session.course.side
    return violations(dose, limits(asked.envelope, kind, side, stands, asked.flags, asked.ceiling_g))


def _possible(body: Bodies, dose: Dose, found: Effected) -> float:
    """Return the reps that were truly possible; a failed set has shown them."""
    if found.facts.end.ended_by == "patient":
        return float(found.facts.end.reps)
    return float(possible_reps(body, doses_of(dose))[0])


def _done(session: _Session, decision: Decision, found: Effected, following: Decision) -> Done:
    facts, asked = found.facts, session.asked
    possible = session.possible or 0.0
    ends = sorted(rep.end_deg for rep in facts.reps)
    return Done(
        visit=asked.visit,
        day=session.day,
        phase=phase_in_force(asked),
        planned=facts.applied,
        dose=facts.applied,
        decision=decision,
        following=following,
        reps=facts.end.reps,
        possible=possible,
        rir=found.rir,
        effort=effort_of(facts.end.reps, possible),
        target=effort_target(asked),
        pain=found.pain,
        reached_deg=ends[len(ends) // 2] if ends else facts.applied.start_cdeg / CDEG,
        ended_by=facts.end.ended_by,
        broken=(),
    )


def _remember(session: _Session, decision: Decision, belief: dict[str, object]) -> None:
    course, asked = session.course, session.asked
    course.belief = belief
    course.pain_signed |= "countersign" in decision.alerts
    course.spasm_days += [session.day] if asked.today.spasm else []
    work = [one for one in session.done if one.dose.mode == "train"]
    if not work:
        course.blocked += 1
    if any(facts.applied.mode == "isometric" for facts in session.sets):
        course.tested_days.append(session.day)
    if session.sets and not session.done:
        course.past = course.past.tested(session.day, asked.today)
        return
    if not session.done:
        course.past = course.past.untrained(session.day, asked.now_ms, asked.today)
        return
    course.past = course.past.trained(session.day, asked.now_ms, asked.today, session.sets, decision)
    course.log += session.done
    _sign(session)
    course.grow(session.done)


def _sign(session: _Session) -> None:
    """Lay the visit before the clinician, who may sign the next phase."""
    course = session.course
    chart = clinician.after_visit(course.chart, _phase_visit(session))
    course.phase_day = course.phase_day if chart.phase == course.chart.phase else session.day + 1
    course.chart = chart


def _phase_visit(session: _Session) -> PhaseVisit:
    """Write the visit on the evening list."""
    course, asked, last = session.course, session.asked, session.course.past.sessions[-1]
    pains = [nrs for nrs in (last.pain_before, last.pain_set) if nrs is not None]
    return PhaseVisit(
        pain_nrs=max(pains, default=None),
        range_share=(last.end_cdeg - last.start_cdeg) / usual_span_cdeg(course.kind),
        load_share=last.load_g / max(asked.envelope.max_load_g, 1),
        reps=last.reps,
        effort_cr10=last.effort_cr10,
    )
