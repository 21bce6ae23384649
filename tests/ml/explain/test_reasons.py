"""The first reason is the patient's sentence; the binding constraint is named for staff."""

from dataclasses import replace
from typing import Any

import pytest

from ml.adjust import adjust
from ml.decision import Decision
from ml.effort.model import RuleEffort
from ml.explain.sentences import patient, sentence
from ml.request import Answers, Course

RULE = RuleEffort()


def after(build: Any, answers: Answers, **changes: Any) -> Decision:
    facts = {key: changes.pop(key) for key in ("done", "ended_by") if key in changes}
    return adjust(build.request(sets=(build.finished(build.dose(), answers, **facts),), **changes), RULE)


def plan(build: Any, **changes: Any) -> Decision:
    request = build.request(occasion="plan", current=None, sets=(), next_set=1, **changes)
    standing = replace(request.standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
    return adjust(replace(request, standing=standing), RULE)


def test_the_patient_hears_what_rose_first(build: Any) -> None:
    decision = after(build, Answers(pain_set=2, rir="many"))
    assert decision.why[0].code == f"raise_{decision.raised}"
    assert patient(decision, "en") == sentence(decision.why[0], "en")
    assert decision.binding == "one_step"


def test_a_plan_that_starts_lower_says_why_and_not_where_you_were(build: Any) -> None:
    gone = (build.summary(23), build.summary(19))
    decision = plan(build, past=gone, days_away=19.0, flags=("no_increase", "returning"))
    assert decision.rows[-1].load_g < gone[-1].load_g
    assert decision.why[0].code == "lower_away_15"
    assert patient(decision, "en") == "A little less: you were away for 19 days."
    assert decision.binding == "away_15"


def test_a_plan_that_goes_back_up_says_so(build: Any) -> None:
    back = (build.summary(7), build.summary(4, pain_set=8), build.summary(3, load_g=5_000))
    decision = plan(build, past=back, flags=("returning",))
    assert decision.rows[-1].load_g > 5_000
    assert decision.why[0].code == "plan_back"
    assert decision.split_g == {"usual_dose": decision.rows[-1].load_g - 5_000}


def test_a_plan_at_the_last_dose_says_so(build: Any) -> None:
    assert plan(build).why[0].code == "plan_last"


def test_the_table_comes_before_the_chance(build: Any) -> None:
    decision = after(build, Answers(pain_set=2, rir="many"), ended_by="tempo", done=6)
    assert decision.why[0].code == "lower_too_hard"


def test_a_limit_of_the_envelope_has_the_last_word(build: Any) -> None:
    decision = after(build, Answers(pain_set=2, rir="many"), envelope=build.envelope(max_load_g=8_000))
    assert decision.binding == "LOAD"
    assert decision.split_g["limit_load"] == -2_000
    assert "limit_load" in [why.code for why in decision.why]


def test_what_forbids_a_rise_is_named(build: Any) -> None:
    quiet = after(
        build, Answers(pain_set=4, rir="many"), envelope=build.envelope(pain_green_nrs=3, pain_amber_nrs=5)
    )
    assert quiet.binding == "amber_pain"
    missing = after(build, Answers(rir="many"))
    assert missing.binding == "pain_unanswered"


def test_a_plateau_is_told_as_an_easier_visit(build: Any) -> None:
    decision = plan(build, past=tuple(build.summary(3.5 * number) for number in range(7, 0, -1)))
    assert decision.split_g == {"plateau": -2_000}
    assert [why.code for why in decision.why] == ["lower_plateau"]
    assert decision.binding == "plateau"


def test_a_plan_that_the_limits_cut_says_so(build: Any) -> None:
    tight = {"both": replace(build.envelope().sides["both"], highest_cdeg=4_000)}
    narrow = plan(build, envelope=build.envelope(sides=tight))
    assert [why.code for why in narrow.why] == ["limit_range"]
    light = plan(build, envelope=build.envelope(max_load_g=8_000))
    assert light.why[0].code == "limit_load"


def test_a_rung_of_the_ladder_after_a_spasm_is_told_by_its_cause(build: Any) -> None:
    before = (build.summary(7), build.summary(4))
    course = Course(spasms_ms=(build.now_ms - 3 * build.day_ms,))
    decision = plan(build, past=before, flags=("returning",), course=course)
    assert decision.rows[-1].load_g < before[-1].load_g
    assert patient(decision, "en") == "A little less: after the spasm we come back step by step."


def test_no_dose_at_all_is_told(build: Any) -> None:
    decision = plan(build, envelope=build.envelope(sides={}))
    assert decision.rows == ()
    assert decision.why[0].code == "no_safe_dose"


def first_set(build: Any, load_g: int, **changes: Any) -> Decision:
    """Decide again before the first set, while the plan's row of that load is in force."""
    changes = {"current": build.dose(load_g=load_g), **changes}
    request = build.request(occasion="answer", sets=(), next_set=1, **changes)
    standing = replace(request.standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
    return adjust(replace(request, standing=standing), RULE)


def test_a_step_of_the_plan_that_has_lost_its_grounds_is_no_unchanged_load(build: Any) -> None:
    last_g = build.request().past[-1].load_g
    decision = first_set(build, last_g + 500, today=Answers(pain_before=5))
    assert decision.rows[0].load_g == last_g
    assert patient(decision, "en") == "A little less: your pain is a little higher (5 of 10)."


def test_a_limit_that_takes_load_comes_before_what_keeps_from_rising(build: Any) -> None:
    decision = after(build, Answers(pain_set=5, rir="many"), envelope=build.envelope(max_load_g=8_000))
    assert decision.rows[0].load_g == 8_000
    assert [why.code for why in decision.why][:2] == ["limit_load", "stay_amber_pain"]
    assert sentence(decision.why[1], "en") == "No increase: your pain is a little higher (5 of 10)."
    assert sentence(decision.why[1], "zh").startswith("不增加")


@pytest.mark.parametrize(("phase", "raised"), [("restore", "range"), ("build", "time")])
def test_a_limit_that_takes_load_comes_before_what_rises(build: Any, phase: str, raised: str) -> None:
    narrowed = build.envelope(phase=phase, max_load_g=8_000)
    decision = after(build, Answers(pain_set=2, rir="many"), envelope=narrowed)
    assert decision.raised == raised
    assert [why.code for why in decision.why] == ["limit_load", f"raise_{raised}"]
    assert decision.why[0].values == {"from_g": 10_000, "to_g": 8_000}


def test_a_limit_of_the_range_says_by_how_much_it_narrows(build: Any) -> None:
    tight = build.envelope(sides={"both": replace(build.envelope().sides["both"], highest_cdeg=4_000)})
    values = {"from_cdeg": 3_500, "to_cdeg": 3_000}
    assert [(why.code, why.values) for why in plan(build, envelope=tight).why] == [("limit_range", values)]
    first = plan(build, envelope=tight, past=()).why
    assert [why.values for why in first if why.code == "limit_range"] == [{}]  # nothing was wider before


@pytest.mark.parametrize(("end_cdeg", "told"), [(4_000, "cap_away_15"), (4_500, "lower_away_15")])
def test_a_rung_up_is_called_less_only_beside_the_range_in_force(
    build: Any, end_cdeg: int, told: str
) -> None:
    row = build.dose(load_g=5_000, reps=6, end_cdeg=end_cdeg)
    today = Answers(pain_before=2, morning_nrs=2)
    decision = first_set(build, 0, current=row, days_away=20.0, flags=("returning",), today=today)
    assert decision.rows[0].load_g > row.load_g
    assert [why.code for why in decision.why][:2] == ["plan_back", told]


BACK = {"flags": ("returning",), "today": Answers(pain_before=2, morning_nrs=2)}


def low_since_red(build: Any) -> tuple[Any, ...]:
    """Three visits: as usual, red, and the last one kept at half of the usual load."""
    return build.summary(7), build.summary(4, pain_set=8), build.summary(3, load_g=5_000)


def test_a_rung_up_at_the_door_is_no_unchanged_load(build: Any) -> None:
    request = build.request(current=None, sets=(), next_set=1, past=low_since_red(build), **BACK)
    standing = replace(request.standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
    decision = adjust(replace(request, standing=standing), RULE)
    assert decision.rows[0].load_g == 7_000
    assert [why.code for why in decision.why] == ["plan_back", "cap_returning"]
    assert sentence(decision.why[1], "en").startswith("No further than that: step by step back")
    assert sentence(decision.why[1], "zh").startswith("暫不再加")


def test_a_rung_up_in_the_plan_is_followed_by_no_unchanged_load(build: Any) -> None:
    decision = plan(build, past=low_since_red(build), flags=("returning",))
    assert [why.code for why in decision.why] == ["plan_back", "cap_returning"]


def test_a_rung_that_nobody_climbs_is_no_part_of_the_change(build: Any) -> None:
    decision = plan(build, past=low_since_red(build), flags=("returning",), abstain="gap")
    assert decision.rows[-1].load_g == 5_000
    assert decision.split_g == {}
