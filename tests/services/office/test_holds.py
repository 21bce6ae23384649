from scripted_machine import ScriptedMachine
from scripted_studio import Studio
from sqlalchemy import select
from studio_door import Door

from contract import codec
from contract.messages import Applied, Event, Hold, Plan, Receipt
from services.store import tables

NOTHING = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


def begin(studio: Studio, machine: ScriptedMachine) -> Plan:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    return plan


def sent(studio: Studio, channel: str) -> list[tuple[str, bytes, int]]:
    with studio.engine.connect() as connection:
        outbox = tables.outbox.c
        rows = connection.execute(
            select(outbox.topic, outbox.payload, outbox.seq).order_by(outbox.created_ms, outbox.seq)
        )
        return [(row.topic, row.payload, row.seq) for row in rows if row.topic.endswith(channel)]


def test_a_hold_goes_out_under_the_next_number_of_its_session(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    (before,) = [row["commands"] for row in studio.rows(tables.session)]

    answer = door.post("/machines/lumbar-1/hold", {"action": "pause", "reason": "Looks pale"})

    ((topic, payload, seq),) = sent(studio, "down/hold")
    hold = codec.decode_down(topic, payload)
    assert isinstance(hold, Hold)
    assert (hold.id, hold.action, hold.seq, seq) == (answer["id"], "pause", before + 1, before + 1)
    assert hold.session == machine.session
    assert answer["delivery"] == "sent"


def test_without_a_receipt_in_two_seconds_it_says_not_delivered(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    made = door.post("/machines/lumbar-1/hold", {"action": "stop", "reason": "Fell"})

    door.now_ms += 2_000
    assert door.get("/machines/lumbar-1/hold")["items"][0]["delivery"] == "sent"
    door.now_ms += 1
    assert door.get("/machines/lumbar-1/hold")["items"][0]["delivery"] == "not_delivered"

    studio.hear(machine.say(Receipt(result="applied", hold=made["id"], applied=NOTHING)))
    assert door.get("/machines/lumbar-1/hold")["items"][0]["delivery"] == "applied"


def test_a_machine_that_refuses_a_hold_says_why(studio: Studio, machine: ScriptedMachine, door: Door) -> None:
    begin(studio, machine)
    made = door.post("/machines/lumbar-1/hold", {"action": "freeze", "reason": "Tired"})
    studio.hear(machine.say(Receipt(result="refused", reason="STATE", hold=made["id"], applied=NOTHING)))
    (held,) = door.get("/machines/lumbar-1/hold")["items"]
    assert (held["delivery"], held["refusal"]) == ("refused", "STATE")


def test_a_stop_reaches_a_machine_on_which_nobody_trains_and_a_freeze_does_not(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    studio.hear(machine.sign_out())

    door.post("/machines/lumbar-1/hold", {"action": "freeze", "reason": "Tired"}, status=409)
    made = door.post("/machines/lumbar-1/hold", {"action": "stop", "reason": "Cleaning"})

    assert made["session"] is None
    ((_, _, seq),) = sent(studio, "down/hold")
    assert seq == 0


def test_a_hold_lets_nothing_rise_in_its_session_any_more(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = begin(studio, machine)
    door.post("/machines/lumbar-1/hold", {"action": "freeze", "reason": "Tired"})
    door.post("/machines/lumbar-1/release", status=204)

    for row in plan.settings[:3]:
        studio.hear(*machine.train(row), machine.answer("rir", "many", row.set))

    assert {row["raised"] for row in studio.rows(tables.decision) if row["occasion"] != "plan"} == {None}
    last = studio.rows(tables.decision)[-1]
    assert last["why"]


def test_releasing_what_is_not_held_is_refused(studio: Studio, machine: ScriptedMachine, door: Door) -> None:
    begin(studio, machine)
    door.post("/machines/lumbar-1/release", status=409)
    door.post("/machines/lumbar-1/hold", {"action": "pause", "reason": "Looks pale"})
    door.post("/machines/lumbar-1/release", status=204)
    assert door.get("/machines/lumbar-1/hold")["items"] == []


def test_a_hold_of_a_machine_that_is_not_there_is_not_found(door: Door) -> None:
    door.post("/machines/nowhere-1/hold", {"action": "stop", "reason": "Fell"}, status=404)


def test_who_held_what_and_why_is_audited_without_the_words(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    door.post("/machines/lumbar-1/hold", {"action": "pause", "reason": "Secret words"})
    (entry,) = [row for row in studio.rows(tables.audit) if row["action"] == "machine.hold"]
    assert (entry["actor"], entry["object_id"]) == ("therapist", "lumbar-1")
    assert entry["detail"]["kind"] == "pause"
    assert "Secret" not in str(entry["detail"])


def test_the_floor_shows_a_hold_and_that_it_was_not_heard(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    door.post("/machines/lumbar-1/hold", {"action": "pause", "reason": "Looks pale"})
    (item,) = door.get("/floor")["items"]
    assert (item["hold"]["action"], item["hold"]["delivery"]) == ("pause", "sent")
    assert "held" in {reason["code"] for reason in item["attention"]}
    door.now_ms += 2_001
    (item,) = door.get("/floor")["items"]
    assert (item["hold"]["delivery"], item["light"]) == ("not_delivered", "red")
    assert item["attention"][0]["code"] == "not_delivered"
    door.post("/machines/lumbar-1/release", status=204)
    assert door.get("/floor")["items"][0]["hold"] is None


def test_the_floor_shows_who_is_new_and_what_sounds(
    studio: Studio, machine: ScriptedMachine, door: Door
) -> None:
    begin(studio, machine)
    door.now_ms = machine.wall_ms
    (item,) = door.get("/floor")["items"]
    assert (item["hands_on"], item["sounds"], item["overridden"]) == (True, False, False)
    studio.hear(machine.say(Event(what="unwell")))
    door.now_ms = machine.wall_ms + 60_001
    assert door.get("/floor")["items"][0]["sounds"] is True
