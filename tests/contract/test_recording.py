import json

import pytest
from builders import BOOT, MACHINE, a_message, a_setting

from contract import codec, recording, topics
from contract.messages import Frame, SignIn, Status

TOPIC = topics.name("sim", MACHINE, "up/session")
PROOF = "ab" * 32
SIGN_IN = codec.encode(
    a_message(SignIn(nonce="0" * 32, machine_kind="row", firmware="1", code="7", pin_proof=PROOF))
)


def test_the_proof_of_a_pin_never_reaches_a_recording_and_all_else_stays() -> None:
    record = recording.from_wire(TOPIC, SIGN_IN, log_ms=5)
    assert record.payload == SIGN_IN.replace(PROOF.encode(), recording.REDACTED.encode())
    assert json.loads(record.payload)["pin_proof"] == recording.REDACTED
    assert recording.is_readable(TOPIC, record.payload)


@pytest.mark.parametrize(
    "payload",
    [
        SIGN_IN.replace(b'"v":1', b'"v":99'),
        SIGN_IN[:-1],
        SIGN_IN.replace(b'"pin_proof":', b'"pin_proof" :\n '),
        SIGN_IN.replace(b"pin_proof", b"pin\\u005fproof"),
        SIGN_IN.replace(b'"firmware":"1"', b'"firmware":' + b"[" * 9 + b"]" * 9),
    ],
    ids=["another version", "cut off", "spaced out", "escaped", "too deep"],
)
def test_a_proof_is_blotted_out_in_bytes_that_the_service_would_refuse_too(payload: bytes) -> None:
    assert PROOF.encode() in payload
    for topic in (TOPIC, "openspine-sim/v1/x/up/nonsense"):
        assert PROOF.encode() not in recording.from_wire(topic, payload, log_ms=5).payload


@pytest.mark.parametrize(
    "payload",
    [
        b'{"pin_proof":"abc\\"SECRET","code":"7"}',
        b'{"pin_proof":"SECRET',
        b'{"pin_proof":"SECRET\\',
        b'{"pin_proof":5353',
        b'{"pin_proof":5353,"code":"7"}',
        b'{"pin_proof":-5353e3 }',
        b'{"pin_proof" : ["SECRET"],"code":"7"}',
        b'{"pin_proof":["a","SECRET',
        b'{"pin_proof":{"a":["SECRET"]}}',
        b'{"pin_proof":"SECRET","pin_proof":["SECRET"]}',
        b'{"a":{"pin_proof":["]","SECRET"]}}',
        b'{"a":{"pin\\u005fproof":"SECRET"}}',
        b'{"pin_pro\\u006ff":"SECRET", trailing',
        b'{"pin_pro\\u006Ff":"SECRET',
        b'\xff{"pin_proof":["SECRET"]}',
        b'{"pin_proof":"a"SECRET"}',
        b'{"pin_proof":5 SECRET}',
        b'{"pin_proof":' + b"[" * 2_000 + b'"SECRET"',
    ],
)
def test_a_proof_is_blotted_out_whatever_it_is_made_of(payload: bytes) -> None:
    blotted = recording.redacted(payload)
    assert b"SECRET" not in blotted
    assert b"5353" not in blotted
    assert recording.redacted(blotted) == blotted


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"pin_proof":"a\\"b","code":"7"}', {"pin_proof": recording.REDACTED, "code": "7"}),
        (b'{"pin_proof":12,"code":"7"}', {"pin_proof": recording.REDACTED, "code": "7"}),
        (b'{"a":{"pin\\u005Fproof":true}}', {"a": {"pin_proof": recording.REDACTED}}),
        (b'{"pin_proof": null ,"code":"7"}', {"pin_proof": None, "code": "7"}),
    ],
)
def test_around_a_proof_the_message_stays(payload: bytes, expected: object) -> None:
    assert json.loads(recording.redacted(payload)) == expected


@pytest.mark.parametrize("payload", [b'{"a":"\\u00e9","pin_proof":null}', b"\xff\x00", b'"pin_proof"', b"{}"])
def test_where_no_proof_stands_no_byte_changes(payload: bytes) -> None:
    assert recording.redacted(payload) == payload


def test_a_record_takes_clock_and_number_from_the_head() -> None:
    payload = codec.encode(a_message(seq=9, wall_ms=777))
    record = recording.from_wire(topics.name("sim", MACHINE, "up/rep"), payload, log_ms=5)
    assert (record.log_ms, record.publish_ms, record.sequence) == (5, 777, 9)
    assert record.payload == payload


def test_a_status_has_its_own_clock_and_a_frame_has_the_receivers() -> None:
    status = codec.encode(Status(online=True, wall_ms=777, mono_ms=1, boot=BOOT, state="idle"))
    frame = codec.encode(Frame(mono_ms=1, set=1, rep=1, deg=0, target_deg=0, nm=0, phase="idle"))
    assert recording.from_wire(topics.name("sim", MACHINE, "up/status"), status, 5).publish_ms == 777
    assert recording.from_wire(topics.name("sim", MACHINE, "up/frame"), frame, 5).publish_ms == 5


def test_clocks_and_numbers_that_no_file_can_hold_are_replaced() -> None:
    payload = codec.encode(a_message(seq=2**53, wall_ms=2**53))
    record = recording.from_wire(topics.name("sim", MACHINE, "up/rep"), payload, log_ms=5)
    assert (record.publish_ms, record.sequence) == (5, 0)
    assert record.payload == payload


def test_bytes_that_cannot_be_read_are_kept() -> None:
    record = recording.from_wire(TOPIC, b"\xff", log_ms=5)
    assert (record.payload, record.sequence) == (b"\xff", 0)


def test_what_a_channel_carries_is_readable_and_nothing_else() -> None:
    setting = codec.encode(a_setting())
    assert recording.is_readable(topics.name("real", MACHINE, "down/setting"), setting)
    assert not recording.is_readable(topics.name("real", MACHINE, "down/plan"), setting)
    assert not recording.is_readable(topics.name("real", MACHINE, "up/rep"), setting)
    assert not recording.is_readable("openspine/v1/X/up/rep", codec.encode(a_message()))
    assert not recording.is_readable(topics.name("sim", MACHINE, "local/sample"), b"{}")


def test_samples_come_back() -> None:
    sample = recording.Sample(mono_ms=20, deg=12.5, deg_s=-3.0, torque_nm=88.25)
    record = recording.from_sample(MACHINE, sample, sequence=3)
    assert recording.to_sample(record) == sample
    assert record.topic.startswith("openspine-sim/")
    assert (record.log_ms, record.publish_ms) == (20, 20)
    assert recording.is_readable(record.topic, record.payload)
    live = recording.from_sample(MACHINE, sample, sequence=3, origin="real", log_ms=777)
    assert (live.topic, live.log_ms) == (topics.name("real", MACHINE, "local/sample"), 777)
