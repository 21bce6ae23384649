from datetime import UTC, datetime, timedelta

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from contract.messages import Applied, Receipt
from services.access import Scope
from services.office.countersigning import span_ms
from services.store import tables

DAY = (datetime.fromtimestamp(NOW_MS / 1_000, tz=UTC) + timedelta(hours=8)).date().isoformat()
NONE = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@pytest.fixture
def day(studio: Studio, machine: ScriptedMachine, door: Door) -> str:
    """A day with something raised or refused; returns the newest of its decisions."""
    for _ in range(3):
        plan = studio.plan(machine, studio.hear(machine.sign_in()))
        studio.hear(machine.weigh(), machine.answer("pain_before", 2))
        for row in plan.settings:
            outcome = studio.hear(*machine.train(row), machine.answer("rir", "many", row.set))
            for setting in studio.settings(machine, outcome)[-1:]:
                refused = Receipt(result="refused", reason="STEP", setting=setting.id, applied=NONE)
                studio.hear(machine.say(refused))
        studio.hear(machine.sign_out())
        machine.rest(0.02)
    door.as_role("clinician")
    door.now_ms = machine.wall_ms
    items = door.get("/countersign", day=DAY)["items"]
    assert items
    return str(items[-1]["decision"])


def test_the_list_shows_what_was_raised_or_refused_and_is_signed_in_one_act(door: Door, day: str) -> None:
    assert day
    listed = door.get("/countersign", day=DAY)
    assert listed["open"] == len(listed["items"])
    assert all(one["raised"] or one["refusal"] or one["by_staff"] for one in listed["items"])
    assert all(one["why"] and one["why"][0]["text_zh"] for one in listed["items"])
    ids = [one["decision"] for one in listed["items"]]
    assert door.post("/countersign", {"day": DAY, "decisions": ids}, 200) == {"signed": len(ids)}
    assert door.post("/countersign", {"day": DAY, "decisions": ids}, 200) == {"signed": 0}
    assert door.get("/countersign", day=DAY)["open"] == 0


def test_what_is_not_on_the_list_of_the_day_is_not_signed(studio: Studio, door: Door, day: str) -> None:
    shown = {one["decision"] for one in door.get("/countersign", day=DAY)["items"]}
    hidden = next(row["id"] for row in studio.rows(tables.decision) if row["id"] not in shown)
    for body in (
        {"day": DAY, "decisions": [hidden]},
        {"day": "2020-01-01", "decisions": [day]},
        {"day": "2020-01-32", "decisions": [day]},
        {"day": DAY, "decisions": []},
    ):
        door.post("/countersign", body, 422)
    assert studio.rows(tables.countersign) == []


def test_only_a_clinician_of_the_site_signs(door: Door, day: str) -> None:
    body = {"day": DAY, "decisions": [day]}
    door.as_role("therapist")
    door.post("/countersign", body, 403)
    assert len(door.get("/countersign", day=DAY)["items"]) > 0
    door.as_role("clinician", scope=Scope(sites=frozenset({"elsewhere"})))
    door.post("/countersign", body, 422)
    assert door.get("/countersign", day=DAY)["items"] == []


def test_a_studio_day_begins_at_midnight_of_its_zone() -> None:
    begin_ms, end_ms = span_ms("2026-11-21", "Asia/Hong_Kong")
    assert begin_ms == round(datetime(2026, 11, 20, 16, tzinfo=UTC).timestamp() * 1_000)
    assert end_ms - begin_ms == 86_400_000
