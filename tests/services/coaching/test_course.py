"""Where a person stands: phases as signed, spasms, symptoms that nobody has cleared, tests that fall due."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.messages import Envelope, Event, Plan, Setting, TestResult
from services.coaching import Delivery
from services.coaching.course import Records, course, phase_since_ms
from services.prescribing.sign import newest, prescribe
from services.store import engine as store
from services.store import tables

DAY_MS = 86_400_000


def signed(*phases: tuple[str, int]) -> list[SimpleNamespace]:
    return [SimpleNamespace(patient_id="p", kind="k", phase=phase, signed_ms=ms) for phase, ms in phases]


@pytest.mark.parametrize(
    ("phases", "since"),
    [((), None), ((("calm", 1),), 1), ((("build", 1), ("calm", 5), ("build", 9), ("build", 12)), 9)],
)
def test_a_phase_holds_since_it_was_signed_without_a_break(phases: Any, since: int | None) -> None:
    assert phase_since_ms(signed(*phases)) == since


@pytest.mark.parametrize(("signed_ms", "left"), [(5, "limb"), (9, "limb"), (10, "none"), (20, "none")])
def test_limits_signed_after_a_symptom_was_told_clear_it(signed_ms: int, left: str) -> None:
    told = [SimpleNamespace(patient_id="p", visit_id="before", word="limb", wall_ms=10)]
    records = Records(signings=signed(("build", signed_ms)), symptoms=told)
    assert course(records, "p", "k", "today").symptoms == left
    assert course(records, "p", "k", "before").symptoms == "none"  # today's answers are not the past
    assert course(records, "p", "k", "today", cleared_ms=10**15).symptoms == "none"


def visit(studio: Studio, machine: ScriptedMachine, *answers: Any) -> Plan:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), *(machine.answer(*one) for one in answers))
    return plan


def push(machine: ScriptedMachine, row: Setting) -> list[Delivery]:
    """One try of a test of strength."""
    told = TestResult(
        mode="isometric", side="both", angle_cdeg=row.start_cdeg, peak_torque_nm=300.0, mean_3s_nm=280.0,
        range_deg=0.0, attempt=1,
    )  # fmt: skip
    return [machine.apply(row), machine.say(told), *machine.train(row, reps=0)]


@pytest.fixture
def sign(studio: Studio) -> Callable[..., None]:
    """Sign new limits for the person of the studio."""

    def sign_limits(machine: ScriptedMachine, **changes: Any) -> None:
        with store.writing(studio.engine) as connection:
            patient = studio.rows(tables.patient)[0]["id"]
            held = newest(connection, patient, machine.kind)
            assert held is not None
            limits = replace(
                msgspec.convert(held.envelope, Envelope),
                valid_until_ms=machine.wall_ms + 42 * DAY_MS,
                **changes,
            )
            prescribe(connection, patient, limits, by="Dr Demo", reason="seen", key=studio.keys.envelope)

    return sign_limits


def test_the_first_session_measures_the_range_and_trains_inside_it(
    studio: Studio, machine: ScriptedMachine
) -> None:
    plan = visit(studio, machine, ("pain_before", 2))
    assert [row.mode for row in plan.settings] == ["mobility", "warm_up", "train"]
    (ramp,) = studio.settings(
        machine, studio.hear(*machine.train(replace(plan.settings[0], start_cdeg=2_000, end_cdeg=5_000)))
    )
    assert (ramp.mode, ramp.start_cdeg, ramp.end_cdeg) == ("warm_up", 2_300, 4_700)
    (work,) = studio.settings(machine, studio.hear(*machine.train(ramp)))
    assert (work.mode, work.start_cdeg, work.end_cdeg) == ("train", 2_300, 4_700)
    assert work.load_g == plan.settings[2].load_g


def test_symptoms_hold_everything_until_a_clinician_signs_again(
    studio: Studio, machine: ScriptedMachine, sign: Callable[..., None]
) -> None:
    visit(studio, machine, ("pain_before", 2))
    sign(machine)  # in the same visit, but before it is told
    studio.hear(machine.answer("new_symptoms", "limb"))
    for _ in range(5):
        machine.rest(4)
        later = visit(studio, machine, ("pain_before", 2), ("new_symptoms", "none"))
        assert {row.load_g for row in later.settings} == {0}
    sign(machine)
    machine.rest(4)
    cleared = visit(studio, machine)
    assert max(row.load_g for row in cleared.settings) > 0


@pytest.mark.parametrize(
    ("question", "bad", "good"), [("new_symptoms", "bladder_saddle", "none"), ("spasm", 1, 0)]
)
def test_a_later_no_of_the_same_day_takes_nothing_back(
    studio: Studio, machine: ScriptedMachine, question: str, bad: str | int, good: str | int
) -> None:
    visit(studio, machine, ("pain_before", 2), (question, bad))
    studio.hear(machine.sign_out())
    visit(studio, machine, (question, good))
    studio.hear(machine.sign_out())
    again = visit(studio, machine)
    assert {row.load_g for row in again.settings} == {0}
    (today,) = studio.rows(tables.visit)
    assert today[question] == bad


def test_who_felt_unwell_trains_no_more_in_this_visit(studio: Studio, machine: ScriptedMachine) -> None:
    visit(studio, machine, ("pain_before", 2), ("new_symptoms", "none"))
    studio.hear(machine.say(Event(what="unwell")), machine.sign_out())
    again = visit(studio, machine)
    assert {row.load_g for row in again.settings} == {0}
    machine.rest(4)
    assert max(row.load_g for row in visit(studio, machine).settings) > 0


def test_strength_is_tested_at_visits_3_and_4_and_reaches_the_belief(
    studio: Studio, machine: ScriptedMachine
) -> None:
    for _ in range(2):
        plan = visit(studio, machine, ("pain_before", 2))
        for row in plan.settings:
            studio.hear(*machine.train(row))
        machine.rest(4)
    practice = visit(studio, machine, ("pain_before", 2))
    assert [row.mode for row in practice.settings].count("isometric") == 1
    studio.hear(*push(machine, practice.settings[0]))
    machine.rest(4)
    plan = visit(studio, machine, ("pain_before", 2))
    pushes = [row for row in plan.settings if row.mode == "isometric"]
    assert len(pushes) == 3
    assert plan.settings[-1].mode == "train"
    before = {row["side"]: row["latest"] for row in studio.rows(tables.belief)}
    (following,) = studio.settings(machine, studio.hear(*push(machine, pushes[0])))
    assert (following.mode, following.start_cdeg) == ("isometric", pushes[1].start_cdeg)
    after = studio.rows(tables.belief)[-1]["latest"]
    assert after["mean"] != before["both"]["mean"]
    studio.hear(machine.sign_out())
    same_day = visit(studio, machine)
    assert "isometric" not in [row.mode for row in same_day.settings]


@pytest.mark.parametrize(
    ("question", "value", "place", "is_loaded"),
    [("pain_before", 3, 0, False), ("pain_before", 5, 3, True), ("spasm", 1, 3, False)],
)
def test_an_answer_that_forbids_a_strength_test_moves_the_work_after_it_instead(
    studio: Studio, machine: ScriptedMachine, question: str, value: int, place: int, is_loaded: bool
) -> None:
    for _ in range(3):
        plan = visit(studio, machine, ("pain_before", 2))
        for row in plan.settings:
            studio.hear(*(push if row.mode == "isometric" else ScriptedMachine.train)(machine, row))
        machine.rest(4)
    plan = visit(studio, machine)
    assert plan.settings[0].mode == "isometric"
    (sent,) = studio.settings(machine, studio.hear(machine.answer(question, value)))
    row = plan.settings[place]
    assert (sent.set, sent.mode, sent.load_g > 0) == (row.set, row.mode, is_loaded)


@pytest.mark.parametrize(("nrs", "is_red"), [(2, False), (8, True)])
def test_what_hurt_in_a_visit_of_tests_alone_is_not_forgotten(
    studio: Studio, machine: ScriptedMachine, nrs: int, is_red: bool
) -> None:
    for _ in range(3):
        plan = visit(studio, machine, ("pain_before", 2))
        for row in plan.settings:
            studio.hear(*(push if row.mode == "isometric" else ScriptedMachine.train)(machine, row))
        machine.rest(4)
    tests = visit(studio, machine, ("pain_before", 2)).settings
    studio.hear(*push(machine, tests[0]), machine.answer("pain_set", nrs, tests[0].set), machine.sign_out())
    machine.rest(4)
    visit(studio, machine, ("pain_before", 2))
    told = {one["code"] for one in studio.rows(tables.decision)[-1]["why"]}
    assert any("red_last_visit" in code for code in told) == is_red


def test_a_phase_that_is_complete_is_proposed_for_signing_and_never_taken(
    studio: Studio, machine: ScriptedMachine, sign: Callable[..., None]
) -> None:
    visit(studio, machine, ("pain_before", 2))
    sign(machine, phase="calm")
    for _ in range(3):
        machine.rest(4)
        plan = visit(studio, machine, ("pain_next_morning", 2), ("pain_before", 2))
        assert plan.envelope.phase == "calm"
        for row in plan.settings:
            studio.hear(*machine.train(row))
        studio.hear(machine.answer("pain_set", 2, plan.settings[-1].set), machine.sign_out())
    told = [row for row in studio.rows(tables.alert) if row["code"] == "phase_next"]
    assert [(row["severity"], row["detail"]) for row in told] == [("info", "restore")]
