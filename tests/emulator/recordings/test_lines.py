import json
from base64 import b64decode

from builders import MACHINE
from recorded_scene import Scene

from contract import recording, topics
from emulator.recordings.lines import json_line, readable_line

TOPIC = topics.name("sim", MACHINE, "up/rep")


def test_a_json_line_holds_the_bytes_as_they_were(scene: Scene) -> None:
    for record in scene.records:
        line = json_line(record)
        assert b"\n" not in line
        assert line.endswith(b'"payload":' + record.payload + b"}")
        fields = json.loads(line)
        assert (fields["topic"], fields["log_ms"]) == (record.topic, record.log_ms)
        assert (fields["publish_ms"], fields["sequence"]) == (record.publish_ms, record.sequence)


def test_a_payload_of_several_lines_becomes_one() -> None:
    line = json_line(recording.from_wire(TOPIC, b'{"a":\n 1}', 5))
    assert b"\n" not in line
    assert json.loads(line)["payload"] == {"a": 1}


def test_bytes_that_are_no_json_come_as_base64() -> None:
    fields = json.loads(json_line(recording.from_wire(TOPIC, b"\xff\n", 5)))
    assert b64decode(fields["payload_base64"]) == b"\xff\n"
    assert "payload" not in fields


def test_a_readable_line_says_who_what_and_when(scene: Scene) -> None:
    rep = next(one for one in scene.records if one.topic == TOPIC)
    line = readable_line(rep)
    assert line.startswith("2026-09-21 14:13:20.900  lumbar-1     up/rep           #3 rep ")
    assert "load_g=20000 start_deg=0.5" in line
    assert "stream=" not in line


def test_long_things_are_short_and_bad_ones_are_told() -> None:
    long = readable_line(recording.from_wire(TOPIC, json.dumps({"a": "x" * 900, "b": [1] * 9}).encode(), 5))
    assert len(long) < 260
    assert long.endswith("...")
    assert "b=[9]" in readable_line(recording.from_wire(TOPIC, b'{"b":[1,1,1,1,1,1,1,1,1]}', 5))
    assert readable_line(recording.from_wire(TOPIC, b"\xff\xff", 5)).endswith("2 bytes that are no JSON")
    assert readable_line(recording.from_wire("elsewhere", b"5", 5)).endswith("elsewhere  5")
