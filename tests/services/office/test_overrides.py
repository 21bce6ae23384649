import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from scripted_machine import ScriptedMachine, setting_in
from scripted_studio import Studio
from sqlalchemy import select
from studio_door import Door

from contract import signing
from contract.messages import Applied, Plan, Receipt, Setting
from services.coaching import Delivery
from services.store import tables
from services.store.reading import model


def begin(studio: Studio, machine: ScriptedMachine) -> Plan:
    """Train once a session until the plan holds three work sets, and sign in."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    work = [row for row in plan.settings if row.mode == "train"]
    if len(work) > 1:
        return plan
    for row in plan.settings:
        studio.hear(*machine.train(row), machine.answer("rir", "many", row.set))
    studio.hear(machine.sign_out())
    machine.rest(4)
    return begin(studio, machine)


def work_of(plan: Plan) -> list[Setting]:
    return [row for row in plan.settings if row.mode == "train"]


def ordered(studio: Studio, machine: ScriptedMachine) -> list[Setting]:
    """Read the settings that staff's orders put into the outbox."""
    with studio.engine.connect() as connection:
        outbox = tables.outbox.c
        rows = connection.execute(
            select(outbox.payload)
            .where(outbox.topic.endswith("down/setting"))
            .order_by(outbox.created_ms, outbox.seq)
        )
        found = [setting_in(row.payload, machine) for row in rows]
    return [one for one in found if one.policy == "staff"]


def wish(plan: Plan, *, percent: int = 80, because: str = "too_hard") -> dict[str, object]:
    load_g = work_of(plan)[0].load_g * percent // 100 // 100 * 100
    return {"side": "both", "because": because, "reason": "As seen", "load_kg": load_g / 1000}


def warmed_up(studio: Studio, machine: ScriptedMachine) -> Plan:
    """Sign in and train all that comes before the work; returns the plan."""
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    return plan


def test_staffs_dose_is_sent_signed_under_the_next_number(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = warmed_up(studio, machine)
    body = wish(plan)
    door.post(f"/sessions/{machine.session}/override", body)

    sent = ordered(studio, machine)[-1]
    assert sent.load_g == round(float(str(body["load_kg"])) * 1000)
    assert sent.set == work_of(plan)[0].set
    assert sent.seq == max(row["commands"] for row in studio.rows(tables.session) if not row["closed_ms"])
    assert (sent.basis.stream, sent.basis.seq) == (machine.stream, machine.seq)
    assert signing.is_signed_by(sent, studio.desk.command.key.public_key())
    assert sent.why[0].code == "staff_choice"


def test_the_ledger_shows_staffs_dose_at_once_and_not_the_one_that_it_replaced(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    body = wish(warmed_up(studio, machine))
    door.post(f"/sessions/{machine.session}/override", body)
    (patient,) = studio.rows(tables.patient)
    newest = door.get(f"/patients/{patient['id']}/adjustments")["items"][0]
    assert (newest["policy"], newest["to"]["load_kg"]) == ("staff", body["load_kg"])


def overridden(studio: Studio) -> int:
    with studio.engine.connect() as connection:
        return sum(row.overridden for row in model.overrides(connection, "sim", 0))


def test_the_model_does_not_undo_it_until_it_is_given_back(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    body = wish(plan, percent=50)
    door.post(f"/sessions/{machine.session}/override", body)
    wanted_g = round(float(str(body["load_kg"])) * 1000)

    (item,) = door.get("/floor")["items"]
    assert item["overridden"] is True
    assert item["last_setting"]["why"][0]["code"] == "staff_choice"
    first = ordered(studio, machine)[-1]
    before = overridden(studio)
    (following,) = studio.settings(machine, studio.hear(*machine.train(first)))
    (again,) = studio.settings(machine, studio.hear(machine.answer("rir", "many", first.set)))
    assert (following.load_g, again.load_g) == (wanted_g, wanted_g)
    assert {following.policy, again.policy} == {"staff"}
    assert overridden(studio) == before + 1

    door.post(f"/sessions/{machine.session}/give-back", {"side": "both"}, status=204)
    (models,) = studio.settings(machine, studio.hear(machine.answer("pain_set", 1, first.set)))
    assert models.policy == "steady"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"load_kg": 200.0}, "at most"),
        ({"start_deg": 0.0, "end_deg": 90.0}, "degrees"),
    ],
)
def test_beyond_the_limits_is_refused_with_what_they_leave(
    studio: Studio, machine: ScriptedMachine, door: Door, changed: dict[str, object], said: str
) -> None:
    plan = begin(studio, machine)
    before = len(ordered(studio, machine))
    answer = door.post(f"/sessions/{machine.session}/override", wish(plan) | changed, status=409)
    assert said in answer["detail"]
    assert "200" not in answer["detail"]
    assert len(ordered(studio, machine)) == before
    assert studio.rows(tables.staff_order) == []


def test_red_pain_binds_staff_too(studio: Studio, machine: ScriptedMachine, door: Door) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    studio.hear(machine.answer("pain_before", 9))
    door.post(f"/sessions/{machine.session}/override", wish(plan, percent=100), status=409)


def test_what_has_no_plan_no_set_or_an_end_is_refused(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    path = f"/sessions/{machine.session}/override"
    door.post(path, wish(plan) | {"side": "left"}, status=422)
    for row in plan.settings:
        studio.hear(*machine.train(row))
    door.post(path, wish(plan), status=409)
    studio.hear(machine.sign_out())
    door.post(path, wish(plan), status=409)
    door.post(f"/sessions/{machine.session}/give-back", {}, status=409)
    door.post("/sessions/00000000-0000-5000-8000-000000000000/override", wish(plan), status=404)

    studio.hear(machine.sign_in(badge="unknown"))
    door.post(f"/sessions/{machine.session}/override", wish(plan), status=409)


def test_a_setting_that_came_too_late_is_sent_again_on_the_receipt(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    door.post(f"/sessions/{machine.session}/override", wish(plan))

    late = ordered(studio, machine)[-1]
    for _ in range(3):
        outcome = studio.hear(_refusal(machine, late, "EXPIRED"))
        (again,) = studio.settings(machine, outcome)
        assert [(one.head.kind, one.settings) for one in outcome.traces] == [("receipt", (again.id,))]
        assert (again.load_g, again.basis.seq) == (late.load_g, machine.seq)
        assert again.seq > late.seq
        late = again
    assert studio.settings(machine, studio.hear(_refusal(machine, late, "EXPIRED"))) == []


def test_a_refusal_for_another_reason_is_not_tried_again(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    door.post(f"/sessions/{machine.session}/override", wish(plan))
    outcome = studio.hear(_refusal(machine, ordered(studio, machine)[-1], "LOAD"))
    assert studio.settings(machine, outcome) == []


def test_only_a_choice_of_strength_is_told_to_the_belief(studio: Studio, door: Door) -> None:
    told = {because: _chosen(studio, door, because) for because in ("too_easy", "pain")}
    assert told == {"too_easy": True, "pain": False}


def test_a_second_order_keeps_what_the_first_had_chosen(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    path, body = f"/sessions/{machine.session}/override", wish(plan, because="pain")
    door.post(path, body | {"reps": 5})
    more = {"side": "both", "because": "too_easy", "reason": "Moves well", "end_deg": 36.0}
    shown = door.post(path, more)
    assert (shown["load_kg"], shown["reps"], shown["end_deg"]) == (body["load_kg"], 5, 36.0)
    assert shown["because"] == "pain"  # the load was not chosen because it is too easy

    first = ordered(studio, machine)[-1]
    studio.hear(*machine.train(first))
    (following,) = studio.settings(machine, studio.hear(machine.answer("rir", "many", first.set)))
    assert (following.load_g, following.reps, following.end_cdeg) == (first.load_g, 5, 3_600)


def _chosen(studio: Studio, door: Door, because: str) -> bool:
    """Tell whether the decision after a chosen set was told that staff had chosen it."""
    badge, machine = f"badge-{because}", ScriptedMachine(f"lumbar-{len(because)}")
    studio.enrol(badge, "lumbar_extension")
    while True:
        plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
        studio.hear(machine.weigh(), machine.answer("pain_before", 2))
        if len(work_of(plan)) > 1:
            break
        for row in plan.settings:
            studio.hear(*machine.train(row), machine.answer("rir", "many", row.set))
        studio.hear(machine.sign_out())
        machine.rest(4)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    door.post(f"/sessions/{machine.session}/override", wish(plan, because=because))
    studio.hear(*machine.train(ordered(studio, machine)[-1]))
    return '"chosen":true' in _request(studio, str(machine.session))


def _request(studio: Studio, session: str) -> str:
    rows = [row for row in studio.rows(tables.decision) if row["session_id"] == session]
    newest = max(rows, key=lambda row: row["basis_seq"])
    return zlib.decompress(newest["request"]).decode()


def _refusal(machine: ScriptedMachine, setting: Setting, reason: str) -> Delivery:
    none = Applied(load_g=0, start_cdeg=0, end_cdeg=0)
    return machine.say(Receipt(result="refused", reason=reason, setting=setting.id, applied=none))


def test_the_evenings_signature_is_for_the_load_that_staff_chose(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    for row in plan.settings[: -len(work_of(plan))]:
        studio.hear(*machine.train(row))
    door.post(f"/sessions/{machine.session}/override", wish(plan, percent=50))
    chosen = ordered(studio, machine)[-1]
    assert chosen.load_g < work_of(plan)[0].load_g

    door.as_role("clinician")
    day = datetime.fromtimestamp(machine.wall_ms / 1_000, tz=ZoneInfo("Asia/Hong_Kong")).date().isoformat()
    (shown,) = (one for one in door.get("/countersign", day=day)["items"] if one["by_staff"])
    assert shown["load_kg"] * 1_000 == pytest.approx(chosen.load_g)
    assert shown["why"][0]["values"]["to_g"] == chosen.load_g
