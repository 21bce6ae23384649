from dataclasses import replace
from typing import Any

import msgspec
from builders import BOOT, NONCE, SESSION, SETTING, STREAM, a_message, a_rep, a_set_end

from contract import codec, topics
from contract.messages import Message, Origin, Receipt, RecordedBody, SignIn, Status
from contract.messages.up import Applied
from contract.names import setting_id
from contract.recording import REDACTED
from emulator.replay.rewriting import Moved, Rewriting, rewriting, spoken
from emulator.replay.tape import Row
from machine_agent import pins

APPLIED = Applied(load_g=0, start_cdeg=0, end_cdeg=1)
SIGN_IN = SignIn(nonce=NONCE, machine_kind="lumbar_extension", firmware="1", badge="b")


def row(message: Message, origin: Origin = "sim") -> Row:
    head = message.head
    return Row(
        at_ms=0,
        origin=origin,
        machine=head.machine,
        channel=topics.CHANNEL_OF_KIND[head.kind],
        payload=codec.encode(message),
        message=message,
    )


def named(origin: Origin, seq: int, number: int, stream: str = STREAM, session: str = SESSION) -> str:
    return setting_id((origin, "lumbar-1", stream, seq), session, number)


def day(origin: Origin) -> list[Row]:
    """Make a day: sign-in, a rep and the end of its set, a receipt of what answered that."""
    bodies: list[RecordedBody] = [
        SIGN_IN,
        a_rep(setting=named(origin, 1, 1)),
        a_set_end(setting=named(origin, 1, 1)),
        Receipt(result="applied", setting=named(origin, 3, 2), applied=APPLIED),
    ]
    return [row(a_message(body, seq=seq), origin) for seq, body in enumerate(bodies, start=1)]


def said(rows: list[Row], change: Rewriting) -> list[dict[str, Any]]:
    return [msgspec.json.decode(spoken(one, change).payload) for one in rows]


def test_a_day_of_the_simulation_keeps_every_byte() -> None:
    rows = day("sim")
    change = rewriting(rows)
    assert [spoken(one, change).payload for one in rows] == [one.payload for one in rows]
    assert [(spoken(one, change).stream, spoken(one, change).seq) for one in rows][2] == (STREAM, 3)


def test_a_real_day_speaks_under_the_simulation_and_names_settings_as_they_are_named_there() -> None:
    rows = day("real")
    change = rewriting(rows)
    assert {topics.parse(spoken(one, change).topic).origin for one in rows} == {"sim"}  # type: ignore[union-attr]
    fields = said(rows, change)
    assert [one.get("setting") for one in fields] == [
        None, named("sim", 1, 1), named("sim", 1, 1), named("sim", 3, 2),
    ]  # fmt: skip
    before = [msgspec.json.decode(one.payload) for one in rows]
    assert [one | {"setting": 0} for one in fields] == [one | {"setting": 0} for one in before]


def test_a_setting_that_no_row_of_the_recording_explains_keeps_its_name() -> None:
    rows = [*day("real"), row(a_message(a_rep(setting=SETTING), seq=5), "real")]
    assert said(rows, rewriting(rows))[-1]["setting"] == SETTING


def test_a_day_that_is_moved_is_another_day_with_the_same_course() -> None:
    rows = day("sim")
    change = rewriting(rows, moved=Moved(by_ms=86_400_000, as_round="1"))
    fields = said(rows, change)
    old = {STREAM, SESSION, BOOT}
    assert all(not old & {one["stream"], one["session"], one["boot"]} for one in fields)
    assert {one["wall_ms"] - rows[0].message.head.wall_ms for one in fields if rows[0].message} == {
        86_400_000
    }
    stream, session = fields[0]["stream"], fields[0]["session"]
    assert fields[1]["setting"] == named("sim", 1, 1, stream, session)
    assert fields[3]["setting"] == named("sim", 3, 2, stream, session)
    assert spoken(rows[0], change).stream == stream
    assert all(isinstance(codec.decode_up(*_wire(one, change)), Message) for one in rows)
    other = rewriting(rows, moved=Moved(by_ms=86_400_000, as_round="2"))
    assert said(rows, other)[0]["stream"] != stream


def _wire(one: Row, change: Rewriting) -> tuple[str, bytes]:
    made = spoken(one, change)
    return made.topic, made.payload


def test_a_proof_that_the_recording_left_out_is_made_anew_of_the_pin() -> None:
    body = replace(SIGN_IN, badge=None, code="K01", pin_proof=REDACTED)
    rows = [row(a_message(body)), row(a_message(replace(body, code="K02"), seq=2))]
    stretched = pins.stretched("2468", "K01")
    proofs = [one["pin_proof"] for one in said(rows, rewriting(rows, {"K01": stretched}))]
    assert proofs == [pins.proof(stretched, NONCE), REDACTED]


def test_a_status_is_moved_too_and_bytes_that_nobody_can_read_are_left_alone() -> None:
    status = Status(online=True, wall_ms=1_000, mono_ms=5, boot=BOOT, state="idle", session=SESSION)
    heard = Row(at_ms=0, origin="real", machine="lumbar-1", channel="up/status", payload=codec.encode(status))
    moved = rewriting([heard], moved=Moved(by_ms=500, as_round="1"))
    fields = msgspec.json.decode(spoken(heard, moved).payload)
    assert (status.clock, fields["clock"]) == ("wall", "sim")
    assert msgspec.json.decode(spoken(heard, rewriting([heard])).payload)["clock"] == "sim"
    assert fields["wall_ms"] == 1_500
    assert BOOT not in fields.values()
    spoiled = replace(heard, payload=b"\xff{")
    assert spoken(spoiled, moved).payload == b"\xff{"
    assert spoken(spoiled, moved).topic == "openspine-sim/v1/lumbar-1/up/status"
