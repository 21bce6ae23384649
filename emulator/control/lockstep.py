"""Many courses in step: their questions go to the model as one batch, their sets to the body as another."""

from collections.abc import Sequence
from dataclasses import replace

from emulator.control.ablation import WithoutSpeed
from emulator.control.course import Ask, Course, Life
from emulator.control.session import life
from emulator.control.sets import Bout, Effected, perform_all
from ml.adjust import adjust_many
from ml.decision import Decision
from ml.effort.model import EffortModel
from ml.policies import POLICIES

VISIT_WEEKDAYS = (0, 3)  # two visits a week (page 1, dose)


def visit_days(weeks: int) -> tuple[int, ...]:
    """Return the booked days."""
    return tuple(week * 7 + day for week in range(weeks) for day in VISIT_WEEKDAYS)


def run(courses: Sequence[Course], weeks: int, effort: EffortModel) -> None:
    """Let all courses live through the weeks."""
    lives = [life(course, visit_days(weeks), weeks * 7) for course in courses]
    waiting = _begun(lives)
    while waiting:
        answers = _answered([wish for _, wish in waiting], effort)
        waiting = [
            (one, wish)
            for (one, _), answer in zip(waiting, answers, strict=True)
            if (wish := _resumed(one, answer)) is not None
        ]


def _begun(lives: Sequence[Life]) -> list[tuple[Life, Ask | Bout]]:
    return [(one, wish) for one in lives if (wish := next(one, None)) is not None]


def _resumed(one: Life, answer: Decision | Effected) -> Ask | Bout | None:
    try:
        return one.send(answer)
    except StopIteration:
        return None


def _answered(wishes: Sequence[Ask | Bout], effort: EffortModel) -> list[Decision | Effected]:
    bouts = [wish for wish in wishes if isinstance(wish, Bout)]
    seeing = [wish for wish in wishes if isinstance(wish, Ask) and not wish.hides_speed]
    blind = [wish for wish in wishes if isinstance(wish, Ask) and wish.hides_speed]
    done = iter(perform_all(bouts) if bouts else [])
    decided = iter(_decided(seeing, effort))
    decided_blind = iter(_decided(blind, WithoutSpeed(effort)))
    return [
        next(done) if isinstance(wish, Bout) else next(decided_blind if wish.hides_speed else decided)
        for wish in wishes
    ]


def _decided(asks: Sequence[Ask], effort: EffortModel) -> list[Decision]:
    """Decide a batch; policies of the trial's own are registered under the number of their question."""
    own = {f"own_{number}": ask.own for number, ask in enumerate(asks) if ask.own is not None}
    requests = [
        replace(ask.request, policy=f"own_{number}") if ask.own is not None else ask.request
        for number, ask in enumerate(asks)
    ]
    return adjust_many(requests, effort, {**POLICIES, **own})
