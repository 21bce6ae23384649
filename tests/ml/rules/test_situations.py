"""Questions of the decision table that need two visits or two sets in a row, and who outranks whom."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.priors import prior
from ml.clinical.table import TABLE
from ml.evidence import gather
from ml.request import Answers, Request
from ml.rules.situations import CAUTIONS, RISES, STRONGER, situations


def codes(asked: Request) -> tuple[str, ...]:
    return situations(gather(asked, prior(asked.person, asked.kind, asked.side)))


def test_every_code_of_a_question_is_a_row_of_the_table() -> None:
    assert set(CAUTIONS) | set(RISES) == set(TABLE)
    assert {code for pair in STRONGER.items() for code in (pair[0], *pair[1])} <= set(TABLE)
    assert all(TABLE[code].rises for code in RISES)


def test_a_good_set_may_raise_everything(build: Any) -> None:
    asked = build.request()
    evidence = gather(asked, prior(asked.person, asked.kind, asked.side))
    assert situations(replace(evidence, effort=4.5)) == ("all_good",)


def test_a_calm_set_below_the_target_is_no_good_set_yet(build: Any) -> None:
    asked = build.request()
    assert codes(asked) == ("effort_below",)
    assert codes(replace(asked, envelope=build.envelope(phase="restore"))) == ("all_good",)


def test_the_stronger_form_silences_the_weaker(build: Any) -> None:
    morning = Answers(pain_before=4, morning_nrs=6, morning_asked=True)
    past = (build.summary(7), build.summary(4, morning_nrs=5))
    found = codes(build.request(today=morning, past=past, sets=(), standing=_before(build)))
    assert "morning_long_twice" in found
    assert not {"morning_long", "morning_worse", "morning_worse_twice"} & set(found)


def test_morning_worse_twice_is_red(build: Any) -> None:
    morning = Answers(pain_before=2, morning_nrs=6, morning_asked=True)
    found = codes(build.request(today=morning, past=(build.summary(4, morning_nrs=6),), sets=()))
    assert "morning_worse_twice" in found
    assert TABLE["morning_worse_twice"].alert == "red"


@pytest.mark.parametrize("known", [None, 6])  # today's answer, which the last visit may hold already
@pytest.mark.parametrize(("earlier", "is_twice"), [(2, False), (6, True), (None, False)])
def test_one_worse_morning_is_not_counted_twice(
    build: Any, known: int | None, earlier: int | None, *, is_twice: bool
) -> None:
    visits = ((7, 8, earlier), (3, 9, known), (0.01, 10, None))  # the last one is of today
    past = tuple(build.summary(days, visit=visit, morning_nrs=nrs) for days, visit, nrs in visits)
    found = codes(build.request(today=Answers(pain_before=2, morning_nrs=6), past=past, visit=10, sets=()))
    assert ("morning_worse_twice" in found) == is_twice


def test_range_lost_twice_in_a_session(build: Any) -> None:
    short = build.finished(build.dose(), Answers(pain_set=2, rir="many"), rep_changes={"end_deg": 36.0})
    assert "range_lost_twice" in codes(build.request(sets=(short, short)))
    assert "range_lost" in codes(build.request(sets=(short,)))


def test_a_range_just_short_only_holds(build: Any) -> None:
    short = build.finished(build.dose(), Answers(pain_set=2, rir="many"), rep_changes={"end_deg": 41.0})
    assert codes(build.request(sets=(short,))) == ("range_short",)


def test_one_flagged_rep_raises_nothing(build: Any) -> None:
    reps = build.finished(build.dose(), Answers(pain_set=2, rir="many"))
    flagged = replace(reps, reps=(replace(reps.reps[0], quality=("sensor",)), *reps.reps[1:]))
    assert codes(build.request(sets=(flagged,))) == ("flagged_rep",)


def test_pain_today_holds_without_a_new_event(build: Any) -> None:
    assert "pain_today" in codes(build.request(flags=("pain_today",)))


def test_an_unfinished_set_raises_nothing(build: Any) -> None:
    cut = build.finished(build.dose(), Answers(pain_set=2, rir="many"), ended_by="staff", done=9)
    assert "set_not_done" in codes(build.request(sets=(cut,)))


def test_each_pair_of_amber_visits_costs_load_once(build: Any) -> None:
    sore = build.finished(build.dose(), Answers(pain_set=4, rir="many"))
    envelope = build.envelope(pain_green_nrs=3, pain_amber_nrs=5)
    twice = (build.summary(7), build.summary(4, pain_set=4))
    assert "amber_twice" in codes(build.request(sets=(sore,), past=twice, envelope=envelope))
    lowered = (build.summary(7), build.summary(4, pain_set=4, load_g=9_000))
    found = codes(build.request(sets=(sore,), past=lowered, envelope=envelope))
    assert "amber_pain" in found
    assert "amber_twice" not in found


def test_a_baseline_up_by_two_in_four_weeks_waits_for_a_signature(build: Any) -> None:
    past = tuple(build.summary(days, pain_before=1) for days in (21, 18, 14))
    assert "baseline_high" in codes(build.request(past=past, person=build.person(baseline_nrs=3)))
    assert "baseline_high" not in codes(build.request(past=past, person=build.person(baseline_nrs=2)))
    signed = build.person(baseline_nrs=3, baseline_signed_nrs=3)
    assert "baseline_high" not in codes(build.request(past=past, person=signed))
    above = build.person(baseline_nrs=6, baseline_signed_nrs=5)
    assert "baseline_high" in codes(build.request(past=past, person=above))


@pytest.mark.parametrize(("days", "code"), [(14.9, None), (15, "away_15"), (29, "away_29"), (57, "away_57")])
def test_the_bands_of_an_absence(build: Any, days: float, code: str | None) -> None:
    found = [one for one in codes(build.request(days_away=days)) if one.startswith("away")]
    assert found == ([code] if code else [])


def test_spasm_holds_trunk_and_neck_only(build: Any) -> None:
    spasm = Answers(pain_before=2, spasm=True, morning_nrs=2, morning_asked=True)
    assert "spasm" in codes(build.request(today=spasm))
    assert "spasm" not in codes(build.request(today=spasm, kind="leg_press"))


def test_a_light_dose_grows_in_load_and_in_restore_once_range_is_complete(build: Any) -> None:
    easy = (build.summary(4, effort_cr10=1.0),)
    light = build.dose(load_g=2_000)
    asked = build.request(current=light, sets=(build.finished(light),), past=easy)
    assert codes(asked) == ("too_easy",)
    restore = build.envelope(phase="restore")
    assert codes(replace(asked, envelope=restore)) == ("all_good",)
    whole = replace(light, start_cdeg=0, end_cdeg=6_000)
    full = replace(asked, current=whole, sets=(build.finished(whole),), envelope=restore)
    assert codes(full) == ("too_easy",)


def test_with_one_set_a_session_the_last_two_visits_tell_what_is_too_easy(build: Any) -> None:
    past = tuple(build.summary(days, effort_cr10=1.5) for days in (7, 4))
    asked = build.request(occasion="plan", current=None, sets=(), past=past, standing=_before(build))
    assert codes(asked) == ("too_easy",)
    assert codes(replace(asked, past=past[1:])) == ("effort_below",)


def _before(build: Any) -> Any:
    return replace(build.request().standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)


@pytest.mark.parametrize(("mode", "is_asked"), [("train", True), ("warm_up", False), ("isometric", False)])
def test_only_after_a_set_of_work_somebody_owes_an_answer(build: Any, mode: str, is_asked: bool) -> None:
    silent = build.finished(build.dose(mode=mode), Answers())
    assert ("pain_unanswered" in codes(build.request(sets=(silent,)))) is is_asked
