"""Rules of a set that staff open, on transcripts written by hand: each planted fault is seen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contract import codec
from contract.envelope import staff_cap
from contract.machines import catalogue
from contract.messages import Answer, Applied, Head, Message, Plan, Receipt, SetEnd, SignIn, SignOut
from emulator.conformance import credentials, dose, report
from emulator.conformance.acts import ACTS
from emulator.conformance.rim import Played
from emulator.conformance.rule import Result
from emulator.conformance.rules import RULES
from emulator.conformance.transcript import Began, Entry, Heard, Said, Transcript

STREAM, SESSION = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
NONE = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    signer = credentials.open_folder(tmp_path_factory.mktemp("keys"))
    asked = SignIn(nonce="0" * 32, machine_kind="lumbar_extension", firmware="f", badge="conformance-1")
    shape = next(act.shape for act in ACTS if act.name == "unopened")
    made: Plan = signer.sign(dose.plan(head(1, "sign_in"), asked, shape, signer))
    return made


def head(seq: int, kind: Any) -> Head:
    return Head(
        v=1, kind=kind, machine="le-1", stream=STREAM, seq=seq, boot=STREAM, mono_ms=seq, wall_ms=seq,
        session=SESSION,
    )  # fmt: skip


def heard(act: str, bodies: Sequence[tuple[str, Any]]) -> list[Entry]:
    return [
        Heard(at_s=float(seq), act=act, channel="up/session", payload=b"{}", qos=1, retain=False,
              message=Message(head=head(seq, kind), body=body))
        for seq, (kind, body) in enumerate(bodies, start=2)
    ]  # fmt: skip


def trial(plan: Plan, ended_by: Any = "target", nrs: int | str = 0) -> list[tuple[str, Any]]:
    row = plan.settings[0]
    end = SetEnd(
        set=1, side=row.side, setting=row.id, reps=3, partial_reps=0, ended_by=ended_by, duration_s=9.0
    )
    return [("set_end", end), ("answer", Answer(question="pain_set", value=nrs, set=1))]


def lift(plan: Plan) -> list[tuple[str, Any]]:
    row = plan.settings[1]
    told = Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
    return [("receipt", Receipt(setting=row.id, hold=None, result="applied", reason=None, applied=told))]


GONE: list[tuple[str, Any]] = [("sign_out", SignOut())]
REFUSED: list[tuple[str, Any]] = [
    ("receipt", Receipt(setting=None, hold=None, result="refused", reason="SCHEMA", applied=NONE))
]


def transcript(plan: Plan, act: str, bodies: Sequence[tuple[str, Any]]) -> Transcript:
    said = Said(
        at_s=1.0, act=act, channel="down/plan", payload=codec.encode(plan), label="plan", message=plan
    )
    return Transcript([Began(at_s=0.0, act=act, session=SESSION), said, *heard(act, bodies)], "le-1")


def result(rule: str, seen: Transcript) -> Result:
    return next(one for one in RULES if one.id == rule).judge(seen).result


def test_the_plan_is_a_trial_without_load_and_a_set_inside_what_staff_may_open(plan: Plan) -> None:
    first, marked = plan.settings
    assert (first.mode, first.load_g, first.is_for_staff) == ("mobility", 0, False)
    cap = staff_cap(plan.envelope, marked.side, plan.history[marked.side])
    assert marked.is_for_staff
    assert 0 < marked.load_g <= (cap.load_g or 0)
    assert marked.end_cdeg <= (cap.end_cdeg or 0)
    assert "spasm" in plan.flags


@pytest.mark.parametrize("kind", list(catalogue()))
def test_the_light_set_is_a_set_on_every_kind_of_machine(kind: str, tmp_path: Path) -> None:
    signer = credentials.open_folder(tmp_path)
    asked = SignIn(nonce="0" * 32, machine_kind=kind, firmware="f", badge="b")
    made = dose.plan(head(1, "sign_in"), asked, dose.Shape(is_spasm_day=True), signer)
    marked = made.settings[1]
    assert marked.load_g > 0
    assert marked.end_cdeg - marked.start_cdeg >= 1_000  # ten degrees: the least span of a set


def test_a_set_that_stayed_shut_passes_and_one_that_was_begun_fails(plan: Plan) -> None:
    assert result("OPEN-01", transcript(plan, "unopened", [*trial(plan), *GONE])) == "pass"
    assert result("OPEN-01", transcript(plan, "unopened", [*trial(plan), *lift(plan), *GONE])) == "fail"
    assert result("OPEN-01", transcript(plan, "unopened", lift(plan))) == "fail"  # without any trial
    assert result("OPEN-01", transcript(plan, "unopened", trial(plan))) == "fail"  # and nobody left


def test_what_was_not_provoked_is_not_passed(plan: Plan) -> None:
    for bodies in (GONE, trial(plan, "patient") + GONE, trial(plan)[:1] + GONE, trial(plan, nrs=5) + GONE):
        assert result("OPEN-01", transcript(plan, "unopened", bodies)) == "skip"
    assert result("OPEN-02", transcript(plan, "opened", [*trial(plan), *GONE])) == "skip"
    assert result("OPEN-03", transcript(plan, "hurt", [*trial(plan), *GONE])) == "skip"


def test_staff_open_after_the_trial_and_the_green_answer(plan: Plan) -> None:
    done, felt = trial(plan)
    assert result("OPEN-02", transcript(plan, "opened", [done, felt, *lift(plan)])) == "pass"
    assert result("OPEN-02", transcript(plan, "opened", [*lift(plan), done, felt])) == "fail"
    assert result("OPEN-02", transcript(plan, "opened", [done, *lift(plan), felt])) == "fail"
    assert result("OPEN-02", transcript(plan, "opened", [*trial(plan, nrs=4), *lift(plan)])) == "fail"


def test_what_hurt_stays_shut(plan: Plan) -> None:
    assert result("OPEN-03", transcript(plan, "hurt", [*trial(plan, nrs=4), *GONE])) == "pass"
    assert result("OPEN-03", transcript(plan, "hurt", [*trial(plan, nrs=4), *lift(plan)])) == "fail"


def test_a_machine_of_before_refuses_such_a_plan_and_says_so_by_that(plan: Plan) -> None:
    seen = transcript(plan, "unopened", [*REFUSED, *GONE])
    assert result("OPEN-01", seen) == "skip"
    for bodies, version in ((REFUSED, "1.0"), (trial(plan), "1.1")):
        played = Played(transcript=transcript(plan, "unopened", bodies), problem=None, seconds=1.0)
        assert report.made(played, RULES, "le-1", "basic").protocol == version
