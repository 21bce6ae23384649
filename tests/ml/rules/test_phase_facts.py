"""What the exit criteria see of a person's past."""

from typing import Any

import pytest

from ml.belief.priors import prior
from ml.clinical.phases import proposal
from ml.evidence import Evidence, gather
from ml.request import Answers, Course
from ml.rules.phase_facts import phase_facts, signed_capacity_g


def known(build: Any, **changes: Any) -> Evidence:
    asked = build.request(**changes)
    return gather(asked, prior(asked.person, asked.kind, asked.side))


def test_only_visits_of_the_signed_phase_count(build: Any) -> None:
    past = tuple(build.summary(days) for days in (20, 12, 8, 4))
    since = build.now_ms - 10 * build.day_ms
    assert len(phase_facts(known(build, past=past)).visits) == 4
    assert len(phase_facts(known(build, past=past, course=Course(phase_since_ms=since))).visits) == 2


def test_shares_are_of_the_target_range_and_of_the_signed_capacity(build: Any) -> None:
    limits = build.envelope(phase="build", phase_cap_g=9_000)  # .45 of 20 kg
    past = (build.summary(4, load_g=8_000, start_cdeg=600, end_cdeg=5_400, pain_before=2, pain_set=3),)
    (visit,) = phase_facts(known(build, past=past, envelope=limits)).visits
    assert visit.load_share == pytest.approx(0.40)
    assert visit.range_share == pytest.approx(0.80)
    assert visit.pain_nrs == 3


def test_an_unsigned_cap_is_no_capacity(build: Any) -> None:
    (visit,) = phase_facts(
        known(build, past=(build.summary(4),), envelope=build.envelope(phase_cap_g=0))
    ).visits
    assert visit.load_share == 0.0


def test_spasms_and_careful_people_are_told(build: Any) -> None:
    ill = known(build, today=Answers(spasm=True), course=Course(spasms_ms=(build.now_ms - build.day_ms,)))
    facts = phase_facts(ill)
    assert facts.spasm_today
    assert facts.spasm_free_h == pytest.approx(24.0)
    assert phase_facts(known(build, person=build.person(age_years=80))).reps_top == 12
    assert phase_facts(known(build)).reps_top == 20


def test_eight_visits_at_forty_percent_propose_strengthen(build: Any) -> None:
    limits = build.envelope(phase="build", phase_cap_g=9_000)
    past = tuple(
        build.summary(3.5 * number, load_g=8_000, reps=20, effort_cr10=3.5) for number in range(8, 0, -1)
    )
    assert proposal("build", phase_facts(known(build, past=past, envelope=limits))) == "strengthen"
    assert proposal("build", phase_facts(known(build, past=past[1:], envelope=limits))) is None


def test_the_capacity_proposed_for_signing_is_the_20_percent_quantile(build: Any) -> None:
    belief = prior(build.person(), "lumbar_extension", "both")
    at_mean = belief.capacity_quantile_kg(0.0) * 1_000
    assert signed_capacity_g(belief) == pytest.approx(belief.capacity_quantile_kg(-0.8416) * 1_000, abs=100)
    assert signed_capacity_g(belief) < at_mean
    assert signed_capacity_g(belief) % 100 == 0
