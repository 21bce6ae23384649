import json
from dataclasses import replace
from typing import Any

import pytest
from builders import MACHINE, NONCE, STREAM, a_message, a_plan, a_rep, a_set_end, a_setting
from hypothesis import given
from hypothesis import strategies as st

from contract import codec, recording, topics
from contract.codec import Undecodable
from contract.messages import (
    KINDS,
    Ack,
    Answer,
    Applied,
    Curve,
    Down,
    Event,
    Frame,
    Gravity,
    Hold,
    Message,
    Receipt,
    RecordedBody,
    Rejected,
    SignIn,
    SignOut,
    Status,
    TestResult,
)

REP_TOPIC = topics.name("real", MACHINE, "up/rep")
A_CURVE = Curve(deg=tuple(float(i) for i in range(32)), nm=(1.5,) * 32)
EVERY_BODY: list[RecordedBody] = [
    SignIn(nonce="0" * 32, machine_kind="row", firmware="1.0", badge="b-1"),
    SignOut(),
    Gravity(deg=(0.0, 30.0, 60.0), nm=(1.0, 40.0, 80.0)),
    a_rep(curve=A_CURVE, quality=("partial", "posture")),
    a_set_end(),
    Answer(question="rir", value="1-2", set=1),
    Answer(question="pain_before", value=4),
    TestResult(
        mode="isometric",
        side="left",
        angle_cdeg=3_000,
        peak_torque_nm=80.0,
        mean_3s_nm=75.5,
        range_deg=0.0,
        attempt=1,
    ),
    Event(what="pain", detail="at rep 6"),
    Receipt(result="applied", applied=Applied(load_g=20_000, start_cdeg=0, end_cdeg=5_000), setting=STREAM),
]
A_STATUS = Status(online=True, wall_ms=5, mono_ms=4, boot=STREAM, state="IDLE")
A_FRAME = Frame(mono_ms=4, set=1, rep=2, deg=30.5, target_deg=31.0, nm=80.0, phase="concentric")
COMMANDS: list[tuple[topics.Channel, Down]] = [
    ("down/plan", a_plan(settings=(a_setting(),))),
    ("down/setting", a_setting()),
    ("down/hold", Hold(id=STREAM, action="stop", reason="checked by staff", by="therapist", seq=4)),
    ("down/ack", Ack(stream=STREAM, upto=9, missing=((3, 4),), rejected=(Rejected(seq=7, reason="VALUE"),))),
]


def fields_of(message: Message) -> dict[str, Any]:
    return dict(json.loads(codec.encode(message)))


def rep_fields(**changes: Any) -> bytes:
    return json.dumps(fields_of(a_message()) | changes).encode()


@pytest.mark.parametrize("body", EVERY_BODY, ids=lambda body: type(body).__name__)
def test_every_recorded_message_comes_back_as_it_went(body: RecordedBody) -> None:
    message = a_message(body)
    topic = topics.name_for_kind("sim", MACHINE, message.head.kind)
    assert codec.decode_up(topic, codec.encode(message)) == message


def test_status_and_frame_come_back() -> None:
    status, frame = (topics.name("real", MACHINE, channel) for channel in ("up/status", "up/frame"))
    assert codec.decode_up(status, codec.encode(A_STATUS)) == A_STATUS
    assert codec.decode_up(frame, codec.encode(A_FRAME)) == A_FRAME


@pytest.mark.parametrize(("channel", "message"), COMMANDS)
def test_every_command_comes_back(channel: topics.Channel, message: Any) -> None:
    assert codec.decode_down(topics.name("real", MACHINE, channel), codec.encode(message)) == message


def test_a_plan_of_six_settings_fits_the_down_limit() -> None:
    plan = a_plan(settings=tuple(a_setting(set=index, sig="a" * 128) for index in range(1, 7)))
    assert len(codec.encode(plan)) <= codec.DOWN_LIMIT_BYTES


def test_unknown_fields_are_tolerated_upwards() -> None:
    assert codec.decode_up(REP_TOPIC, rep_fields(pelvis_deg=3)) == a_message()


@pytest.mark.parametrize(
    "nested", [{}, {"stop": {"extra": 1}}, {"why": [{"code": "a", "values": {}, "extra": 1}]}]
)
def test_unknown_fields_are_refused_downwards(nested: dict[str, Any]) -> None:
    fields = json.loads(codec.encode(a_setting()))
    fields |= nested or {"extra": 1}
    answer = codec.decode_down(topics.name("real", MACHINE, "down/setting"), json.dumps(fields).encode())
    assert isinstance(answer, Undecodable)
    assert "unknown field" in answer.detail
    assert answer.detail.endswith("extra")


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("openspine/v2/lumbar-1/up/rep", rep_fields(), "TOPIC"),
        ("openspine/v1/lumbar-1/down/setting", rep_fields(), "TOPIC"),
        ("openspine/v1/svc-1/up/rep", rep_fields(), "TOPIC"),
        ("openspine/v1/Lumbar 1/up/rep", rep_fields(), "TOPIC"),
        (REP_TOPIC, rep_fields(machine="lumbar-2"), "MACHINE"),
        (REP_TOPIC, rep_fields(v=7), "VERSION"),
        (REP_TOPIC, rep_fields(v=None), "VERSION"),
        (REP_TOPIC, rep_fields(kind="set_end"), "KIND"),
        (REP_TOPIC, rep_fields(kind="nonsense"), "KIND"),
        (REP_TOPIC, rep_fields(load_g=-1), "VALUE"),
        (REP_TOPIC, rep_fields(load_g=20_000.5), "VALUE"),
        (REP_TOPIC, rep_fields(load_g=True), "VALUE"),
        (REP_TOPIC, rep_fields(load_g="20000"), "VALUE"),
        (REP_TOPIC, rep_fields(seq=0), "VALUE"),
        (REP_TOPIC, rep_fields(seq=2**63), "VALUE"),
        (REP_TOPIC, rep_fields(stream="not-a-uuid"), "VALUE"),
        (REP_TOPIC, rep_fields(quality=["brilliant"]), "VALUE"),
        (REP_TOPIC, rep_fields().replace(b"49.5", b"NaN"), "JSON"),
        (REP_TOPIC, rep_fields().replace(b"49.5", b"1e999"), "VALUE"),
        (REP_TOPIC, rep_fields().replace(b"49.5", b"1e9"), "VALUE"),
        (REP_TOPIC, rep_fields()[:-5], "JSON"),
        (REP_TOPIC, b"\xff\xfe", "JSON"),
        (REP_TOPIC, b"", "JSON"),
        (REP_TOPIC, b"[]", "VALUE"),
        (REP_TOPIC, rep_fields(note="x" * 70_000), "SIZE"),
        (REP_TOPIC, rep_fields(note=[[[[[[[[1]]]]]]]]), "DEPTH"),
        (REP_TOPIC, b"[" * 60_000, "JSON"),
        (REP_TOPIC, b"[" * 600 + b"]" * 600, "DEPTH"),
        (REP_TOPIC, b'{"stream":"\xff"}', "JSON"),
        (REP_TOPIC, rep_fields().replace(b'"both"', b'"\xff"'), "JSON"),
        (REP_TOPIC, rep_fields()[:-1] + b',"note":"\xff"}', "JSON"),
        (REP_TOPIC, rep_fields()[:-1] + b',"note":"\xff","more":[[],[],[],[],[],[],[],[],[]]}', "JSON"),
        (REP_TOPIC, rep_fields(seq=10**400), "VALUE"),
    ],
)
def test_what_cannot_be_read_is_a_value_with_a_reason(topic: str, payload: bytes, reason: str) -> None:
    answer = codec.decode_up(topic, payload)
    assert isinstance(answer, Undecodable)
    assert answer.reason == reason, answer


def test_a_missing_field_is_named_and_the_row_stays_rejectable() -> None:
    fields = fields_of(a_message(seq=41))
    del fields["load_g"]
    answer = codec.decode_up(REP_TOPIC, json.dumps(fields).encode())
    assert isinstance(answer, Undecodable)
    assert "load_g" in answer.detail
    assert (answer.stream, answer.seq) == (STREAM, 41)


@pytest.mark.parametrize(
    "payload",
    [
        rep_fields(seq=41).replace(b"49.5", b"NaN"),
        rep_fields(seq=41)[:-5],
        rep_fields(seq=41, note="x" * 1_000_000),
        rep_fields(seq=41, note=[[[[[[[[1]]]]]]]]),
        rep_fields(seq=41, v=7),
    ],
    ids=["NaN", "cut off", "1 MB", "nested", "version"],
)
def test_a_broken_row_stays_rejectable_by_number(payload: bytes) -> None:
    answer = codec.decode_up(REP_TOPIC, payload)
    assert isinstance(answer, Undecodable)
    assert (answer.machine, answer.stream, answer.seq) == (MACHINE, STREAM, 41)


def test_control_characters_are_refused_in_text() -> None:
    topic = topics.name("real", MACHINE, "up/event")
    answer = codec.decode_up(topic, codec.encode(a_message(Event(what="stop", detail="a\x00b"))))
    assert isinstance(answer, Undecodable)


@given(st.binary(max_size=300))
def test_no_bytes_raise(payload: bytes) -> None:
    assert isinstance(codec.decode_up(REP_TOPIC, payload), Undecodable)
    assert isinstance(codec.decode_down(topics.name("real", MACHINE, "down/setting"), payload), Undecodable)


@given(st.data())
def test_no_mutated_field_raises(data: st.DataObject) -> None:
    fields = fields_of(a_message())
    key = data.draw(st.sampled_from(sorted(fields)))
    junk = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=3)
    fields[key] = data.draw(junk)
    payload = json.dumps(fields).encode("utf-8", "surrogatepass")
    assert isinstance(codec.decode_up(REP_TOPIC, payload), Message | Undecodable)


def spoilt(valid: bytes) -> st.SearchStrategy[bytes]:
    """Bytes of a valid message with some overwritten, inserted or cut out."""
    place = st.integers(0, len(valid))
    junk = st.binary(max_size=3) | st.sampled_from(
        [b"\xff", b'"', b"{", b"[" * 9, b"1e999", b"9" * 400, b"\\ud800"]
    )

    def change(edits: list[tuple[int, int, bytes]]) -> bytes:
        payload = valid
        for start, cut, new in edits:
            payload = payload[:start] + new + payload[start + cut :]
        return payload

    return st.lists(st.tuples(place, st.integers(0, 3), junk), min_size=1, max_size=3).map(change)


EVERY_UP: list[tuple[str, codec.Up]] = [
    *((topics.name_for_kind("sim", MACHINE, KINDS[type(body)]), a_message(body)) for body in EVERY_BODY),
    (topics.name("sim", MACHINE, "up/status"), A_STATUS),
    (topics.name("sim", MACHINE, "up/frame"), A_FRAME),
]
EVERY_DOWN = [(topics.name("sim", MACHINE, channel), message) for channel, message in COMMANDS]


@given(st.data())
def test_no_spoilt_up_message_raises(data: st.DataObject) -> None:
    topic, message = data.draw(st.sampled_from(EVERY_UP))
    payload = data.draw(spoilt(codec.encode(message)))
    assert isinstance(codec.decode_up(topic, payload), Message | Status | Frame | Undecodable)
    assert len(codec.body_hash(payload)) == len(codec.body_hash(b"{}"))


@given(st.data())
def test_no_spoilt_command_raises(data: st.DataObject) -> None:
    topic, message = data.draw(st.sampled_from(EVERY_DOWN))
    answer = codec.decode_down(topic, data.draw(spoilt(codec.encode(message))))
    assert isinstance(answer, type(message) | Undecodable)


@pytest.mark.parametrize("junk", [b'"\xff"', b"1e999", b"9" * 5_000, b'"\\ud800"', b"NaN"])
def test_an_unknown_field_that_nobody_can_read_raises_nowhere(junk: bytes) -> None:
    up, down = codec.encode(a_message()), codec.encode(Ack(stream=STREAM, upto=1))
    answer = codec.decode_down(topics.name("sim", MACHINE, "down/ack"), down[:-1] + b',"x":' + junk + b"}")
    assert isinstance(answer, Undecodable)
    spoiled = up[:-1] + b',"x":' + junk + b"}"
    assert isinstance(codec.decode_up(REP_TOPIC, spoiled), Message | Undecodable)
    assert codec.body_hash(spoiled) != codec.body_hash(up)


def test_the_fingerprint_ignores_the_curve_and_nothing_else() -> None:
    whole = a_message(a_rep(curve=A_CURVE))
    lighter = replace(whole, body=a_rep())
    other = replace(whole, body=a_rep(curve=A_CURVE, load_g=20_100))
    prints = [codec.body_hash(codec.encode(message)) for message in (whole, lighter, other)]
    assert prints[0] == prints[1] != prints[2]


def test_the_print_of_a_sign_in_does_not_depend_on_the_proof_that_a_recording_leaves_out() -> None:
    signed = a_message(SignIn(nonce=NONCE, machine_kind="row", firmware="1", code="K01", pin_proof="a" * 64))
    topic = topics.name_for_kind("sim", MACHINE, "sign_in")
    redacted = recording.from_wire(topic, codec.encode(signed), 0).payload
    assert redacted != codec.encode(signed)
    assert codec.body_hash(redacted) == codec.body_hash(codec.encode(signed))
    other = a_message(SignIn(nonce=NONCE, machine_kind="row", firmware="1", code="K02", pin_proof="a" * 64))
    assert codec.body_hash(codec.encode(other)) != codec.body_hash(redacted)
