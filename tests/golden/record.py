"""Golden scenarios of the decision table: every row as a request with the decision that it must give.

Record again after an intended change, and read the difference before committing it:

    .venv/bin/python tests/golden/record.py
"""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from contract.envelope import Standing
from contract.messages import History
from ml.effort import RULE_NAME
from ml.request import Answers, Request
from ml.runner import decide, write

FOLDER = Path(__file__).parent / "clinical"


def builders() -> ModuleType:
    """Load the builders of the model's tests (test folders are no packages)."""
    path = Path(__file__).parents[1] / "ml" / "conftest.py"
    spec = importlib.util.spec_from_file_location("ml_builders", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scenarios() -> Iterator[tuple[str, Request]]:  # noqa: PLR0915 - one line a row of the table
    """Name and request of every scenario, in the order of the table on the clinical page."""
    build = builders()
    request, dose, finished = build.request, build.dose, build.finished
    today = Answers(pain_before=2, morning_nrs=2, morning_asked=True)

    def after_set(name: str, **changes: Any) -> tuple[str, Request]:
        answers = changes.pop("answers", Answers(pain_set=2, rir="many"))
        current = changes.pop("current", dose())
        fact_names = ("done", "ended_by", "rep_changes", "partial_reps")
        facts = {key: changes.pop(key) for key in list(changes) if key in fact_names}
        sets = (finished(current, answers, **facts),)
        return name, request(current=current, sets=sets, model=RULE_NAME, **changes)

    def at_plan(name: str, **changes: Any) -> tuple[str, Request]:
        plain = {
            "occasion": "plan",
            "current": None,
            "sets": (),
            "next_set": 1,
            "today": today,
            "standing": Standing(history=request().standing.history),
        }
        return name, request(model=RULE_NAME, **{**plain, **changes})

    first = {"past": (), "visit": 1, "session_number": 1, "days_away": None}
    new = {"standing": Standing(history=History()), "flags": ("calibrating",), "ceiling_g": 20_000}
    yield at_plan("first_session", painless_range_cdeg=(2_000, 5_000), **first, **new)
    chan = build.person(age_years=72, sex="female", mass_kg=52.0, baseline_nrs=5)
    cold = build.envelope(phase="restore")
    yield at_plan(
        "mrs_chan_first_visit", person=chan, envelope=cold, painless_range_cdeg=(2_000, 5_000), **first, **new
    )
    studio = build.envelope(phase="strengthen", phase_cap_g=40_000)
    yield at_plan("studio_first_session", profile="studio", envelope=studio, **first, **new)
    yield at_plan("plan_starts_where_it_was")
    yield after_set("all_good_range_first")
    wide = dose(start_cdeg=0, end_cdeg=6_000)
    whole = Standing(
        history=History(median3_g=10_000, peak_cdeg=6_000, last_regular_g=10_000),
        accepted_g=10_000,
        day_start_g=10_000,
        range_cdeg=(0, 6_000),
        peaks_cdeg=(6_000,) * 5,
    )
    yield after_set("all_good_then_time", current=wide, standing=whole)
    long = replace(wide, reps=20, work_ms=100_000)
    strong = build.envelope(phase="build", phase_cap_g=40_000, max_load_g=80_000)
    yield after_set("all_good_then_load", current=long, standing=whole, envelope=strong)
    easy = tuple(build.summary(days, effort_cr10=1.5) for days in (11, 7, 4))
    light = replace(wide, load_g=5_000)
    many = Answers(pain_set=2, rir="many")
    yield after_set("too_easy", current=light, standing=whole, answers=many, past=(build.summary(7), easy[2]))
    yield after_set("too_easy_third", current=light, standing=whole, answers=many, past=easy)
    yield after_set("too_hard", answers=Answers(pain_set=2, rir="0"))
    hard_first = finished(dose(), Answers(pain_set=2, rir="0"))
    hard_then = finished(dose(set=2, load_g=9_000), Answers(pain_set=2, rir="0"))
    yield "too_hard_again", request(current=hard_then.applied, sets=(hard_first, hard_then), model=RULE_NAME)
    was_hard = (build.summary(7), build.summary(4, effort_cr10=9.0))
    yield after_set("too_hard_second_visit", answers=Answers(pain_set=2, rir="0"), past=was_hard)
    yield after_set("tempo_breaks", ended_by="tempo", done=11)
    sore = Answers(pain_set=4, rir="many")
    yield after_set("amber_pain", answers=sore, envelope=build.envelope(pain_green_nrs=3, pain_amber_nrs=5))
    was_amber = (build.summary(7), build.summary(4, pain_set=4))
    yield after_set(
        "amber_twice",
        answers=sore,
        past=was_amber,
        envelope=build.envelope(pain_green_nrs=3, pain_amber_nrs=5),
    )
    settled = tuple(build.summary(days, pain_before=4, pain_set=5, morning_nrs=4) for days in (11, 7, 4))
    yield after_set(
        "settled_pain",
        answers=Answers(pain_set=5, rir="many"),
        person=build.person(baseline_nrs=4),
        past=settled,
        today=replace(today, pain_before=4, morning_nrs=4),
        envelope=build.envelope(pain_green_nrs=4, pain_amber_nrs=5),
    )
    yield after_set("red_pain", answers=Answers(pain_set=7, rir="many"))
    yield at_plan("red_last_visit", past=(build.summary(7), build.summary(4, pain_set=7)))
    morning = replace(today, morning_nrs=6, pain_before=2)
    yield at_plan("morning_worse_gone_in_24_h", today=morning, occasion="answer")
    yield at_plan("morning_worse_for_30_h", today=replace(morning, morning_lasted_h=30.0), occasion="answer")
    yield after_set("morning_unanswered", today=replace(today, morning_nrs=None))
    yield after_set("range_lost", rep_changes={"end_deg": 38.0})
    yield after_set("poor_technique", rep_changes={"quality": ("posture",)})
    poor = [
        finished(dose(set=number), Answers(pain_set=2, rir="many"), rep_changes={"quality": ("posture",)})
        for number in (1, 2)
    ]
    yield "poor_technique_in_set_2", request(current=poor[1].applied, sets=tuple(poor), model=RULE_NAME)
    weak = build.person(weak_side="left")
    sided = {"kind": "trunk_rotation", "side": "left", "person": weak}
    sides = {"left": build.envelope().sides["both"]}
    yield at_plan("weak_side", envelope=build.envelope(sides=sides, machine_kind="trunk_rotation"), **sided)
    for days in (19, 35, 80):
        gone = (build.summary(days + 4), build.summary(days))
        yield at_plan(
            f"away_{days}_days", past=gone, days_away=float(days), flags=("no_increase", "returning")
        )
    flat = tuple(build.summary(3.5 * number) for number in range(7, 0, -1))
    yield at_plan("plateau", past=flat)
    yield at_plan("spasm", today=replace(today, spasm=True), occasion="answer")
    back = (build.summary(7), build.summary(4, pain_set=8), build.summary(3, load_g=5_000))
    yield at_plan("back_up_the_ladder", past=back, flags=("returning",))
    old = build.person(age_years=79, osteoporosis=True)
    risen = (build.summary(11), build.summary(4, raised="load"))
    short = dose(reps=10, work_ms=50_000)
    yield after_set("careful_rises_once_a_week", current=short, person=old, past=risen)
    yield after_set("careful_may_rise", current=short, person=old)
    yield after_set("hypermobile_range_never_rises", person=build.person(hypermobile=True))
    yield at_plan("dizzy", today=replace(today, new_symptoms="dizzy_chest"), occasion="answer")
    yield after_set("unwell_in_the_set", ended_by="unwell", done=6)
    yield after_set("pain_button", ended_by="pain", done=6)
    yield after_set("too_heavy", ended_by="too_heavy", done=9)
    yield after_set("not_weighed", gravity_measured=False)
    yield after_set("rows_missing", abstain="gap")
    yield after_set("baseline_needs_a_signature", person=build.person(baseline_nrs=6))
    yield after_set("linear_policy", policy="linear")
    yield at_plan("no_limits_for_this_side", envelope=build.envelope(sides={}))


def main() -> int:
    """Write every scenario and its decision; nothing is touched before all of them are decided."""
    recorded = {name: write(request) for name, request in scenarios()}
    decided = {name: decide(asked) for name, asked in recorded.items()}
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, asked in recorded.items():
        (FOLDER / f"{name}.request.json").write_bytes(asked + b"\n")
        (FOLDER / f"{name}.decision.json").write_bytes(decided[name] + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
