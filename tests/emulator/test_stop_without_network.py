"""The in-set stop of a setting is obeyed by the true agent when nobody hears it any more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import CDEG, catalogue
from contract.messages import Down, Message, Plan, Rep, SetEnd, Stop
from emulator.people.bodies import Seated, bodies
from emulator.people.effort import one_dose, one_rep_load_kg
from emulator.people.members import Member
from emulator.studio.trial import Trial

KIND = catalogue()["row"]
REPS = 25  # more than anybody has at this load
LOAD_SHARE = 0.75  # of one full rep


class CutTrial(Trial):
    """A trial whose network is cut with the first rep: nothing is heard any more."""

    def _hear(self, down: Down) -> None:
        if not any(isinstance(row.body, Rep) for row in self.rows):
            super()._hear(down)


def heavy(service: Any, stop: Stop) -> Callable[[Sequence[Message]], Sequence[Down]]:
    """Let a plan ask for more reps than there are, with this stop rule."""

    def exchange(messages: Sequence[Message]) -> Sequence[Down]:
        return [
            replace(one, settings=tuple(replace(row, reps=REPS, stop=stop) for row in one.settings))
            if isinstance(one, Plan)
            else one
            for one in service(messages)
        ]

    return exchange


def load_g(member: Member) -> int:
    """Return the load that is hard for this person on the range of the plan."""
    seated = Seated(person=member.person, condition=member.condition, kind=KIND, side=KIND.sides[0])
    body = bodies([seated])
    span = (5.0, KIND.default_cdeg[1] / CDEG / 2)
    one_rep_kg = float(one_rep_load_kg(body, one_dose(1.0, *span, 1, (2.0, 0.0, 3.0)))[0])
    return int(one_rep_kg * LOAD_SHARE * 10) * 100


@pytest.mark.parametrize("speed_pct", [0, 75])
def test_speed_ends_a_set_before_failure_while_nobody_listens(
    speed_pct: int, small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    who = replace(two_members[0], stations=(KIND.name,))
    service = small_service(load_g=load_g(who), step_g=0, sets=1)
    trial = CutTrial(KIND, heavy(service, Stop(min_speed_pct=speed_pct)))
    trial.run_turn(who)
    (end,) = [row.body for row in trial.rows if isinstance(row.body, SetEnd)]
    assert 3 <= end.reps < REPS
    assert (end.ended_by == "effort") == (speed_pct > 0)
