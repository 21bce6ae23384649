import json

from builders import MACHINE, a_message

from contract import codec, recording, topics
from contract.messages import SignIn

TOPIC = topics.name("sim", MACHINE, "up/session")


def test_the_proof_of_a_pin_never_reaches_a_recording() -> None:
    body = SignIn(nonce="0" * 32, machine_kind="row", firmware="1", code="7", pin_proof="ab" * 32)
    record = recording.from_wire(TOPIC, codec.encode(a_message(body)), log_ms=5)
    assert json.loads(record.payload)["pin_proof"] == recording.REDACTED
    assert b"abab" not in record.payload


def test_a_record_takes_clock_and_number_from_the_head() -> None:
    payload = codec.encode(a_message(seq=9, wall_ms=777))
    record = recording.from_wire(topics.name("sim", MACHINE, "up/rep"), payload, log_ms=5)
    assert (record.log_ms, record.publish_ms, record.sequence) == (5, 777, 9)
    assert record.payload == payload


def test_bytes_that_cannot_be_read_are_kept() -> None:
    record = recording.from_wire(TOPIC, b"\xff", log_ms=5)
    assert (record.payload, record.sequence) == (b"\xff", 0)


def test_samples_come_back() -> None:
    sample = recording.Sample(mono_ms=20, deg=12.5, deg_s=-3.0, torque_nm=88.25)
    record = recording.from_sample(MACHINE, sample, sequence=3)
    assert recording.to_sample(record) == sample
    assert record.topic.startswith("openspine-sim/")
