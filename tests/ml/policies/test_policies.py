"""The shared suite of policies: every one in the registry keeps these promises; then each rule by itself."""

from typing import Any

import pytest
from policy_scene import evidence

from ml.belief.priors import prior
from ml.effort.model import Reserves
from ml.evidence import gather
from ml.policies import FALLBACK, POLICIES
from ml.policies.wish import Policy
from ml.request import Answers

EVERY = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())


@EVERY
def test_the_split_is_the_whole_change(build: Any, policy: Policy) -> None:
    for answers in (Answers(pain_set=2, rir="many"), Answers(pain_set=2, rir="0"), Answers(pain_set=7)):
        wish = policy(evidence(build, sets=(build.finished(build.dose(), answers),)))
        assert sum(wish.split_g.values()) == wish.dose.load_g - wish.base.load_g


@EVERY
def test_what_rises_is_named_and_nothing_else_rises(build: Any, policy: Policy) -> None:
    wish = policy(evidence(build, sets=(build.finished(build.dose(), Answers(pain_set=2, rir="many")),)))
    rises = {
        "load": wish.dose.load_g > wish.base.load_g,
        "range": wish.dose.end_cdeg - wish.dose.start_cdeg > wish.base.end_cdeg - wish.base.start_cdeg,
        "time": wish.dose.reps > wish.base.reps,
    }
    assert [thing for thing, risen in rises.items() if risen] == ([wish.raised] if wish.raised else [])


@EVERY
@pytest.mark.parametrize(
    "changes",
    [
        {"flags": ("no_increase",)},
        {"gravity_measured": False},
        {"abstain": "gap"},
        {"today": Answers(pain_before=2, morning_asked=True)},
        {"today": Answers(pain_before=5, morning_nrs=2, morning_asked=True)},
    ],
    ids=["frozen", "not weighed", "rows missing", "morning unanswered", "amber"],
)
def test_the_table_is_the_law_above_every_policy(build: Any, policy: Policy, changes: dict[str, Any]) -> None:
    wish = policy(evidence(build, **changes))
    assert wish.raised is None
    assert wish.dose.load_g <= wish.base.load_g


@EVERY
def test_unanswered_pain_of_the_set_raises_nothing(build: Any, policy: Policy) -> None:
    silent = build.finished(build.dose(), Answers(rir="many"))
    assert policy(evidence(build, sets=(silent,))).raised is None


def test_linear_adds_a_fortieth_after_every_completed_set(build: Any) -> None:
    wish = POLICIES["linear"](evidence(build))
    assert wish.dose.load_g == 10_200  # 2.5 % of 10 kg on the 0.1 kg grid
    short = build.finished(build.dose(), Answers(pain_set=2), ended_by="range")
    assert POLICIES["linear"](evidence(build, sets=(short,))).raised is None


def test_double_progression_fills_the_reps_before_it_adds_load(build: Any) -> None:
    wish = POLICIES["double_progression"](evidence(build))
    assert (wish.raised, wish.dose.reps, wish.dose.load_g) == ("time", 18, 10_000)
    full = build.dose(reps=20, work_ms=100_000)
    facts = (build.finished(full, Answers(pain_set=2, rir="many")),)
    wish = POLICIES["double_progression"](evidence(build, current=full, sets=facts))
    assert (wish.raised, wish.dose.reps, wish.dose.load_g) == ("load", 14, 10_500)


@pytest.mark.parametrize(
    ("today", "before", "raised"), [("many", 4.0, "load"), ("1-2", 4.0, None), ("many", 9.5, None)]
)
def test_two_for_two_wants_two_reps_to_spare_on_two_visits(
    build: Any, today: str, before: float, raised: str | None
) -> None:
    past = (build.summary(3.0, effort_cr10=before),)
    facts = (build.finished(build.dose(), Answers(pain_set=2, rir=today)),)
    assert POLICIES["two_for_two"](evidence(build, past=past, sets=facts)).raised == raised


def test_medx_adds_load_as_soon_as_all_reps_of_the_window_are_done(build: Any) -> None:
    wish = POLICIES["medx"](evidence(build))
    assert (wish.raised, wish.dose.reps) == ("time", 20)
    full = build.dose(reps=20, work_ms=100_000)
    facts = (build.finished(full, Answers(pain_set=2, rir="1-2")),)
    wish = POLICIES["medx"](evidence(build, current=full, sets=facts))
    assert (wish.raised, wish.dose.load_g) == ("load", 10_500)


def test_reported_rir_sets_the_load_whose_effort_the_phase_wants(build: Any) -> None:
    # 16 reps and 4.95 to spare were done at 10 kg; an effort of 4.5 leaves 16 / .45 - 16 = 19.6 to spare
    facts = (build.finished(build.dose(), Answers(pain_set=2, rir="3-5")),)
    wish = POLICIES["reported_rir"](evidence(build, sets=facts))
    expected_g = int(10_000 * (1 + 20.95 / 30) / (1 + 16 / 0.45 / 30)) // 100 * 100
    assert wish.dose.load_g == min(expected_g, wish.base.load_g)
    assert wish.raised is None
    easy = build.dose(load_g=10_000, reps=4, work_ms=20_000)
    facts = (build.finished(easy, Answers(pain_set=2, rir="many")),)
    wish = POLICIES["reported_rir"](evidence(build, current=easy, sets=facts))
    assert (wish.raised, wish.dose.load_g) == (
        "load",
        int(10_000 * (1 + 10.95 / 30) / (1 + 4 / 0.45 / 30)) // 100 * 100,
    )


@pytest.mark.parametrize(
    ("rir", "load_g"),
    [(19.5, 10_000), (25.0, 10_800), (10.0, 8_500), (-1.0, 7_000)],
    ids=["on target", "more to spare", "less to spare", "below nothing counts as nothing"],
)
def test_speed_rir_reads_the_reps_alone(build: Any, rir: float, load_g: int) -> None:
    # 16 reps; an effort of 4.5 wants 35.6 possible: (1 + (16 + rir) / 30) / (1 + 35.6 / 30)
    asked = build.request(sets=(build.finished(build.dose(), Answers(pain_set=2)),))
    belief = prior(asked.person, asked.kind, asked.side)
    wish = POLICIES["speed_rir"](gather(asked, belief, Reserves(rir, rir - 1, rir + 1)))
    assert abs(wish.dose.load_g - load_g) <= 100
    assert POLICIES["speed_rir"](gather(asked, belief)).raised is None
    bound = POLICIES["speed_rir"](gather(asked, belief, Reserves(rir, rir - 1, rir + 1, at_least=True)))
    assert bound.dose.load_g == max(wish.dose.load_g, 10_500)  # "at least" takes no load back


@pytest.mark.parametrize(
    ("reps", "said", "grams"),
    [
        (16, "3-5", 9_200),
        (8, "3-5", 9_700),
        (16, "many", 10_500),
        (4, "3-5", 10_000),
        (4, "many", 10_700),
        (2, "many", 11_200),
    ],
)
def test_apre_follows_its_table(build: Any, reps: int, said: str, grams: int) -> None:
    done = build.dose(reps=reps, work_ms=0)
    facts = (build.finished(done, Answers(pain_set=2, rir=said)),)
    assert POLICIES["apre"](evidence(build, current=done, sets=facts)).dose.load_g == grams


def test_percent_of_1rm_looks_at_test_visits_only(build: Any) -> None:
    plain = build.summary(3.0, visit=5, load_g=10_000, reps=10, effort_cr10=5.0)
    tested = build.summary(7.0, visit=4, load_g=12_000, reps=10, effort_cr10=5.0)
    unmoved = POLICIES["percent_1rm_retest"](evidence(build, past=(plain,)))
    moved = POLICIES["percent_1rm_retest"](evidence(build, past=(tested, plain)))
    assert unmoved.dose == unmoved.base
    # 12 kg with 20 possible: a maximum of 20 kg; 16 reps at effort 4.5 are 1 / (1 + 35.6 / 30) of it
    assert moved.dose.load_g == 9_100


def test_the_fallback_is_registered() -> None:
    assert FALLBACK in POLICIES
