"""Builders of requests: a calm person in the middle of training, changed by what a scenario needs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.envelope import Standing
from contract.messages import Envelope, History, Rep, SetEnd, SideRange
from ml.request import Answers, Dose, Person, Request, SessionSummary, SetFacts

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
UUID = "00000000-0000-4000-8000-000000000001"


def person(**changes: Any) -> Person:
    return replace(Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2), **changes)


def envelope(**changes: Any) -> Envelope:
    made = Envelope(
        version=1,
        subject="0" * 32,
        machine_kind="lumbar_extension",
        max_load_g=60_000,
        max_torque_nm=200,
        sides={"both": SideRange(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)},
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=20_000,
        pain_green_nrs=4,
        pain_amber_nrs=6,
        valid_until_ms=NOW_MS + 42 * DAY_MS,
        key_id="prescriber-demo",
    )
    return replace(made, **changes)


def dose(**changes: Any) -> Dose:
    made = Dose(
        set=1,
        side="both",
        mode="train",
        load_g=10_000,
        start_cdeg=1_000,
        end_cdeg=4_500,
        reps=16,
        work_ms=80_000,
        tempo_ms=(2_000, 0, 3_000),
        rest_ms=60_000,
    )
    return replace(made, **changes)


def rep(number: int, applied: Dose, **changes: Any) -> Rep:
    made = Rep(
        set=applied.set,
        rep=number,
        side=applied.side,
        setting=UUID,
        load_g=applied.load_g,
        start_deg=applied.start_cdeg / 100,
        end_deg=applied.end_cdeg / 100,
        concentric_s=2.0,
        hold_s=0.1,
        eccentric_s=3.0,
        peak_torque_nm=45.0,
        mean_torque_nm=40.0,
        work_j=24.0,
        peak_speed_deg_s=30.0,
        mean_speed_deg_s=17.5,
        smoothness=-1.6,
        quality=("paced",),
    )
    return replace(made, **changes)


def finished(applied: Dose, answers: Answers | None = None, **changes: Any) -> SetFacts:
    done = changes.pop("done", applied.reps)
    rep_changes = changes.pop("rep_changes", {})
    end = SetEnd(
        set=applied.set,
        side=applied.side,
        setting=UUID,
        reps=done,
        partial_reps=0,
        ended_by="target",
        duration_s=done * 5.0,
    )
    return SetFacts(
        applied=applied,
        reps=tuple(rep(number, applied, **rep_changes) for number in range(1, done + 1)),
        end=replace(end, **changes),
        answers=answers or Answers(pain_set=2, rir="many"),
    )


def summary(days_ago: float, **changes: Any) -> SessionSummary:
    made = SessionSummary(
        wall_ms=NOW_MS - round(days_ago * DAY_MS),
        visit=1,
        load_g=10_000,
        start_cdeg=1_000,
        end_cdeg=4_500,
        reps=16,
        work_ms=80_000,
        effort_cr10=4.0,
        pain_before=2,
        pain_set=2,
        morning_nrs=2,
    )
    return replace(made, **changes)


def request(**changes: Any) -> Request:
    """A person of 41 on the tenth session, set 1 done well; `changes` replace fields."""
    current = changes.pop("current", dose())
    history = History(day_start_g=0, median3_g=10_000, peak_cdeg=4_500, last_regular_g=10_000)
    made = Request(
        occasion="answer",
        now_ms=NOW_MS,
        kind="lumbar_extension",
        side="both",
        profile="rehab",
        person=person(),
        visit=10,
        session_number=10,
        envelope=envelope(),
        standing=Standing(
            history=history,
            accepted_g=10_000,
            day_start_g=10_000,
            range_cdeg=(1_000, 4_500),
            peaks_cdeg=(4_500,) * 5,
        ),
        flags=(),
        ceiling_g=0,
        current=current,
        next_set=2,
        sets=(finished(current),) if current is not None else (),
        today=Answers(pain_before=2, morning_nrs=2, morning_asked=True),
        past=tuple(summary(days, load_g=10_000 - round(days * 100)) for days in (11, 7, 4)),
        days_away=4.0,
    )
    return replace(made, **changes)


class Builders:
    """The builders by name, so that a test asks for one fixture."""

    now_ms = NOW_MS
    day_ms = DAY_MS
    person = staticmethod(person)
    envelope = staticmethod(envelope)
    dose = staticmethod(dose)
    rep = staticmethod(rep)
    finished = staticmethod(finished)
    summary = staticmethod(summary)
    request = staticmethod(request)


@pytest.fixture(scope="session")
def build() -> type[Builders]:
    return Builders


@pytest.fixture(scope="session")
def request_of() -> Callable[..., Request]:
    return request
