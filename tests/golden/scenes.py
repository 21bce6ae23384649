"""The scenarios of the decision table: requests by name, one row of the clinical page after the other."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from clinical_scene import Scenario, Scenes

from contract.envelope import Standing
from contract.messages import History
from ml.effort.model import RULE_NAME
from ml.request import Answers, Course


def scenarios(build: Any) -> Iterator[Scenario]:
    """Name and request of every scenario, in the order of the table on the clinical page."""
    scenes = Scenes(build)
    for part in (cold_start, all_good, effort, pain, night, technique, sides, absence, spasm, person, gaps):
        yield from part(scenes)


def cold_start(s: Scenes) -> Iterator[Scenario]:
    """First session; the ramp with its unloaded reps; the strength tests."""
    chan = s.build.person(age_years=72, sex="female", mass_kg=52.0, baseline_nrs=5)
    cold, painless = s.build.envelope(phase="restore"), (2_000, 5_000)
    yield s.at_plan("first_session", painless_range_cdeg=painless, **s.first)
    yield s.at_plan(
        "mrs_chan_first_visit", person=chan, envelope=cold, painless_range_cdeg=painless, **s.first
    )
    yield s.at_plan("range_is_measured_first", person=chan, envelope=cold, tests=("mobility",), **s.first)
    free = s.build.dose(mode="mobility", load_g=0, start_cdeg=1_800, end_cdeg=5_400, reps=3, work_ms=0)
    reached = {"start_deg": 20.0, "end_deg": 50.0, "load_g": 0}
    first = {**s.first, "standing": Standing(history=History(), peaks_cdeg=(5_000,) * 3)}
    yield s.after_set(
        "range_was_measured", current=free, rep_changes=reached, person=chan, envelope=cold,
        tests=("mobility",), painless_range_cdeg=painless, **first,
    )  # fmt: skip
    early = {**s.first, "session_number": 3, "visit": 3, "past": s.easy_visits(2), "person": chan}
    narrow = s.build.envelope(phase="restore", pain_green_nrs=5, pain_amber_nrs=6)
    usual = replace(s.calm, pain_before=5, morning_nrs=5)
    yield s.at_door("starting_gently", today=usual, **{**early, "envelope": narrow})
    studio = s.build.envelope(phase="strengthen", phase_cap_g=40_000)
    yield s.at_plan("studio_first_session", profile="studio", envelope=studio, **s.first)
    yield s.at_plan("plan_starts_where_it_was")
    yield s.at_plan("strength_test_practice", tests=("strength",), visit=3)
    practised = Course(tested_ms=(s.build.now_ms - 4 * s.build.day_ms,))
    yield s.at_plan("strength_test", tests=("strength",), visit=4, course=practised)


def all_good(s: Scenes) -> Iterator[Scenario]:
    """Range first, then time, then load; too easy; a step beyond its allowance."""
    yield s.after_set("all_good_range_first", **s.heavy())
    wide = {"start_cdeg": 0, "end_cdeg": 6_000}
    yield s.after_set("all_good_then_time", **s.heavy(**wide))
    yield s.after_set("all_good_then_load", **s.heavy(**wide, reps=20, work_ms=100_000))
    yield s.after_set("effort_below_target")
    whole = s.standing(10_000, (0, 6_000))
    easy = tuple(s.build.summary(days, effort_cr10=1.5) for days in (11, 7, 4))
    light = s.build.dose(load_g=5_000, **wide)
    yield s.after_set("too_easy", current=light, standing=whole, past=(s.build.summary(7), easy[2]))
    yield s.after_set("too_easy_third", current=light, standing=whole, past=easy)
    coarse = s.build.dose(load_g=1_500, **wide)
    yield s.after_set("a_step_too_coarse_fills_reps", current=coarse, standing=whole, past=easy)
    filled = replace(coarse, reps=20, work_ms=100_000)
    yield s.after_set("a_step_too_coarse_is_taken", current=filled, standing=whole, past=easy)
    yield s.after_set("linear_policy", policy="linear")


def effort(s: Scenes) -> Iterator[Scenario]:
    """Too hard, again, on the second visit; tempo breaks; the button; just above the target."""
    spent = Answers(pain_set=2, rir="0")
    yield s.after_set("too_hard", answers=spent)
    hard_first = s.build.finished(s.build.dose(), spent)
    hard_then = s.build.finished(s.build.dose(set=2, load_g=9_000), spent)
    again = s.build.request(current=hard_then.applied, sets=(hard_first, hard_then), model=RULE_NAME)
    yield "too_hard_again", again
    yield s.after_set("too_hard_second_visit", answers=spent, past=s.last(effort_cr10=9.0))
    yield s.after_set("tempo_breaks", ended_by="tempo", done=11)
    yield s.after_set("too_heavy", ended_by="too_heavy", done=9)
    heavy = s.build.dose(load_g=21_000)
    lofty = s.build.envelope(phase_cap_g=40_000)
    yield s.after_set(
        "effort_above_target", current=heavy, envelope=lofty, answers=Answers(pain_set=2, rir="3-5")
    )


def pain(s: Scenes) -> Iterator[Scenario]:
    """Amber, amber twice, settled, red, red last time, the button, a high baseline."""
    sore = Answers(pain_set=4, rir="many")
    yield s.after_set("amber_pain", answers=sore, envelope=s.low_limits)
    yield s.after_set("amber_twice", answers=sore, past=s.last(pain_set=4), envelope=s.low_limits)
    settled = {
        "answers": Answers(pain_set=5, rir="many"),
        "past": tuple(s.build.summary(days, pain_before=4, pain_set=5, morning_nrs=4) for days in (11, 7, 4)),
        "today": replace(s.calm, pain_before=4, morning_nrs=4),
        "envelope": s.build.envelope(pain_green_nrs=4, pain_amber_nrs=5),
    }
    yield s.after_set("settled_pain", person=s.build.person(baseline_nrs=4), **settled)
    signed = s.build.person(baseline_nrs=4, pain_signed=True)
    yield s.after_set("settled_pain_signed", person=signed, **settled)
    yield s.after_set("red_pain", answers=Answers(pain_set=7, rir="many"))
    yield s.at_plan("red_last_visit", past=s.last(pain_set=7))
    back = (s.build.summary(7), s.build.summary(4, pain_set=8), s.build.summary(3, load_g=5_000))
    yield s.at_plan("back_up_the_ladder", past=back, flags=("returning",))
    sore_today = {"today": replace(s.calm, pain_before=5), "flags": ("returning",), "past": back}
    yield s.at_door("no_rung_with_amber_pain", **sore_today)
    silent = {**sore_today, "today": replace(s.calm, morning_nrs=None)}
    yield s.at_door("no_rung_with_a_morning_unanswered", **silent)
    yield s.after_set("pain_button", ended_by="pain", done=6)
    yield s.at_plan("pain_earlier_today", flags=("pain_today", "no_increase"))
    yield s.after_set("baseline_needs_a_signature", person=s.build.person(baseline_nrs=6))
    calmer = tuple(s.build.summary(days, pain_before=1) for days in (25, 21, 18))
    yield s.after_set("baseline_rose_by_two", person=s.build.person(baseline_nrs=3), past=calmer)
    yield s.after_set("pain_unanswered", answers=Answers(rir="many"))


def night(s: Scenes) -> Iterator[Scenario]:
    """The morning after: gone in 24 h or not, twice, unanswered."""
    worse = replace(s.calm, morning_nrs=6)
    yield s.at_door("morning_worse_gone_in_24_h", today=worse)
    yield s.at_door("morning_worse_twice", today=worse, past=s.last(morning_nrs=6))
    long = replace(worse, morning_lasted_h=30.0)
    yield s.at_door("morning_worse_for_30_h", today=long)
    yield s.at_door("morning_worse_for_30_h_twice", today=long, past=s.last(morning_nrs=6))
    yield s.after_set("morning_unanswered", today=replace(s.calm, morning_nrs=None))


def technique(s: Scenes) -> Iterator[Scenario]:
    """Range lost or short, poor technique, one flagged rep."""
    yield s.after_set("range_lost", rep_changes={"end_deg": 38.0})
    yield s.after_two("range_lost_twice", rep_changes={"end_deg": 38.0})
    yield s.after_set("range_a_little_short", rep_changes={"end_deg": 41.0})
    posture = {"quality": ("posture",)}
    yield s.after_set("poor_technique", rep_changes=posture)
    yield s.after_two("poor_technique_in_set_2", rep_changes=posture)
    clean = s.build.finished(s.build.dose())
    one = replace(clean, reps=(replace(clean.reps[0], quality=("sensor",)), *clean.reps[1:]))
    yield "one_flagged_rep", s.build.request(sets=(one,), model=RULE_NAME)


def sides(s: Scenes) -> Iterator[Scenario]:
    """The confirmed weak side, sore or not, and the strong one beside it."""
    weak = s.build.person(weak_side="left")
    for name, side, person_past in (
        ("weak_side", "left", s.last()),
        ("weak_side_is_sore", "left", s.last(pain_set=5)),
        ("strong_side_as_it_is", "right", s.last()),
    ):
        limits = s.build.envelope(
            sides={side: s.build.envelope().sides["both"]}, machine_kind="trunk_rotation", phase="strengthen",
            pain_green_nrs=3, pain_amber_nrs=5,
        )  # fmt: skip
        asked = {"kind": "trunk_rotation", "side": side, "person": weak, "past": person_past}
        asked["envelope"] = limits
        yield s.at_plan(name, **asked)
        if name == "weak_side":
            yield s.at_door("weak_side_without_room", stations=6, **asked)


def absence(s: Scenes) -> Iterator[Scenario]:
    """Away for 15, 29 and 57 days and more, and the plateau."""
    for days in (14, 15, 19, 28, 29, 35, 56, 57, 80):
        gone = (s.build.summary(days + 4), s.build.summary(days))
        flags: tuple[str, ...] = ("no_increase", "returning") if days >= 15 else ()
        yield s.at_plan(f"away_{days}_days", past=gone, days_away=float(days), flags=flags)
    measured = {"painless_range_cdeg": (1_200, 3_000), "tests": ("mobility",)}
    long = (s.build.summary(84), s.build.summary(80))
    yield s.at_plan("away_80_days_measured_again", past=long, days_away=80.0, flags=flags, **measured)
    flat = tuple(s.build.summary(3.5 * number) for number in range(7, 0, -1))
    yield s.at_plan("plateau", past=flat)
    light = replace(flat[-1], load_g=8_000, wall_ms=flat[-1].wall_ms + s.build.day_ms)
    yield s.at_plan("plateau_is_over", past=(*flat, light))
    missing = {"past": (*flat, light), "abstain": "gap"}
    yield s.at_plan("plateau_is_over_but_rows_are_missing", **missing)


def _light(s: Scenes, ill: Answers) -> Iterator[Scenario]:
    """A later station of a spasm day: trial without load, light set for staff; what the trial tells."""
    usual = History(median3_g=9_600, peak_cdeg=5_000, last_regular_g=9_600, peak_regular_cdeg=4_500)
    day: dict[str, Any] = {
        "today": ill, "flags": ("no_increase", "spasm"), "tests": ("light",),
        "standing": Standing(history=usual),
    }  # fmt: skip
    yield s.at_plan("spasm_light_set_for_staff", **day)
    light = s.build.dose(load_g=0, mode="mobility", end_cdeg=2_700, reps=3, work_ms=0)
    reached = {"start_deg": 10.0, "end_deg": 24.0, "load_g": 0}
    tried = {
        **day,
        "standing": Standing(history=usual, peaks_cdeg=(2_400,) * 3),
        "painless_range_cdeg": (1_000, 2_400),
    }
    opened = replace(light, mode="train", load_g=2_400, reps=8, opens="staff")
    for name, nrs in (("spasm_light_set_after_its_trial", 1), ("spasm_light_set_after_red_pain", 8)):
        trial = s.build.finished(light, Answers(pain_set=nrs), done=3, rep_changes=reached)
        yield (
            name,
            s.build.request(
                model=RULE_NAME, sets=(trial,), next_set=2, current=opened, occasion="answer", **tried
            ),
        )


def spasm(s: Scenes) -> Iterator[Scenario]:
    """Spasm today, the second in 90 days, within 48 hours, the ladder, and the machines of other regions."""
    ill = replace(s.calm, spasm=True)
    now, day = s.build.now_ms, s.build.day_ms
    yield s.at_door("spasm", today=ill)
    yield s.at_door("spasm_twice_in_90_days", today=ill, course=Course(spasms_ms=(now - 60 * day,)))
    yield s.at_door("spasm_long_ago", today=ill, course=Course(spasms_ms=(now - 91 * day,)))
    yield from _light(s, ill)
    yield s.at_door("spasm_yesterday", course=Course(spasms_ms=(now - day,)))
    hip = {"kind": "hip_extension", "envelope": s.build.envelope(machine_kind="hip_extension")}
    yield s.at_door("spasm_other_region_today", today=ill, **hip)
    yield s.at_door("spasm_other_region_is_calm", course=Course(spasms_ms=(now - day,)), **hip)
    course = Course(spasms_ms=(now - 12 * day,))
    loads = (5_000, 7_000, 8_500)
    for done, percent in enumerate((50, 70, 85, 100)):
        since = [s.build.summary(9 - 3 * index, load_g=loads[index]) for index in range(done)]
        past = (s.build.summary(19), s.build.summary(15), *since)
        yield s.at_plan(f"after_spasm_{percent}_percent", past=past, course=course, flags=("returning",))
    worse = {"today": replace(s.calm, morning_nrs=6), "past": past[:3], "course": course}
    yield s.at_door("no_rung_after_a_worse_morning", flags=("returning",), **worse)


def person(s: Scenes) -> Iterator[Scenario]:
    """Careful people, bones, pressure, hypermobile joints, what a clinician must clear, new symptoms."""
    old = s.build.person(age_years=79, osteoporosis=True, systolic_mmhg=150, diastolic_mmhg=85)
    short = s.build.dose(reps=10, work_ms=50_000, start_cdeg=3_600, end_cdeg=5_000)
    risen = (s.build.summary(11), s.build.summary(4, raised="load"))
    yield s.at_plan("careful_first_session", person=old, **s.first)
    yield s.after_set("careful_rises_once_a_week", current=short, person=old, past=risen)
    yield s.after_set("careful_may_rise", current=short, person=old)
    yield s.at_plan("osteoporosis_is_never_bent_far", person=old)
    flexion = s.build.envelope(machine_kind="lumbar_flexion")
    yield s.at_plan("osteoporosis_no_flexion", person=old, kind="lumbar_flexion", envelope=flexion)
    unmeasured = replace(old, systolic_mmhg=0, diastolic_mmhg=0)
    yield s.after_set("careful_without_blood_pressure", current=short, person=unmeasured)
    for name, systolic in (("blood_pressure_high", 160), ("blood_pressure_stops", 180)):
        pressed = s.build.person(systolic_mmhg=systolic, diastolic_mmhg=90)
        yield s.at_door(name, person=pressed)
    yield s.at_door("not_cleared", person=s.build.person(not_cleared=True))
    loose = s.build.person(hypermobile=True)
    yield s.at_plan("hypermobile_first_session", person=loose, **s.first)
    yield s.after_set("hypermobile_range_never_rises", person=loose)
    for symptom in ("dizzy_chest", "limb", "numb_weak", "bladder_saddle", "fall_fever"):
        yield s.at_door(symptom, today=replace(s.calm, new_symptoms=symptom))
    yield s.at_plan("symptoms_not_cleared", course=Course(symptoms="limb"))
    yield s.after_set("unwell_in_the_set", ended_by="unwell", done=6)


def gaps(s: Scenes) -> Iterator[Scenario]:
    """What is missing: weight of the body, rows, limits, a first set, an end of a set."""
    yield s.after_set("not_weighed", gravity_measured=False)
    yield s.after_set("rows_missing", abstain="gap")
    yield s.after_set("set_cut_short_by_staff", ended_by="staff", done=9)
    yield s.at_plan("no_limits_for_this_side", envelope=s.build.envelope(sides={}))
    second = {**s.first, "session_number": 2, "visit": 2}
    yield s.at_door("no_set_yet", **second)
