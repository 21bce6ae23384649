"""Only what fits exactly becomes an input; the machine's own inputs cannot be sent by a page."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machine_agent import inputs
from machine_agent.inputs import (
    Confirm,
    Identify,
    MoveArm,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weigh,
)
from machine_agent.screen import touch

FITTING = [
    ({"kind": "identify", "badge": "b-1"}, Identify(badge="b-1")),
    ({"kind": "identify", "code": "P01", "pin": "123456"}, Identify(code="P01", pin="123456")),
    ({"kind": "confirm"}, Confirm()),
    ({"kind": "weigh"}, Weigh()),
    ({"kind": "reply", "question": "pain_before", "value": 10}, Reply(question="pain_before", value=10)),
    ({"kind": "reply", "question": "rir", "value": "1-2"}, Reply(question="rir", value="1-2")),
    ({"kind": "start"}, Start()),
    ({"kind": "press", "button": "pain"}, Press(button="pain")),
    ({"kind": "press", "button": "unwell"}, Press(button="unwell")),
    ({"kind": "press", "button": "too_heavy"}, Press(button="too_heavy")),
    ({"kind": "press", "button": "stop"}, Press(button="stop")),
    ({"kind": "resume"}, Resume()),
    ({"kind": "staff_pin", "pin": "9876"}, StaffPin(pin="9876")),
    ({"kind": "move_arm"}, MoveArm()),
    ({"kind": "reset"}, Reset()),
    ({"kind": "sign_off"}, SignOff()),
]
NOT_FITTING: list[Any] = [
    {"kind": "emergency_stop"},
    {"kind": "weighed", "deg": [1, 2, 3], "nm": [1, 2, 3]},
    {"kind": "identify"},
    {"kind": "identify", "badge": ""},
    {"kind": "identify", "badge": "b" * 65},
    {"kind": "identify", "badge": "b\u0000"},
    {"kind": "identify", "code": "P01"},
    {"kind": "identify", "pin": "1"},
    {"kind": "identify", "badge": "b", "code": "P01", "pin": "1"},
    {"kind": "identify", "badge": 7},
    {"kind": "reply", "question": "weight", "value": 1},
    {"kind": "reply", "question": "pain_set", "value": 11},
    {"kind": "reply", "question": "pain_set", "value": -1},
    {"kind": "reply", "question": "pain_set", "value": 1.5},
    {"kind": "reply", "question": "pain_set", "value": True},
    {"kind": "reply", "question": "pain_set", "value": None},
    {"kind": "reply", "question": "pain_set"},
    {"kind": "press", "button": "harder"},
    {"kind": "start", "load_g": 90_000},
    {"kind": "staff_pin", "pin": ""},
    {"button": "pain"},
    [],
    "start",
    None,
]


@pytest.mark.parametrize(("sent", "wanted"), FITTING)
def test_a_touch_becomes_its_input(sent: Any, wanted: inputs.PatientInput) -> None:
    assert touch.read(json.dumps(sent).encode()) == wanted


@pytest.mark.parametrize("sent", NOT_FITTING)
def test_anything_else_is_no_touch(sent: Any) -> None:
    assert touch.read(json.dumps(sent).encode()) is None


def test_every_input_of_a_person_can_be_sent_and_none_of_the_machine() -> None:
    sendable = {type(wanted) for _, wanted in FITTING}
    assert set(get_args(inputs.PatientInput)) - sendable == {inputs.Weighed, inputs.EmergencyStop}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"NaN", b"[" * 4_000, b'{"kind":"start"}{}'])
def test_broken_bytes_are_no_touch(body: bytes) -> None:
    assert touch.read(body) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    assert touch.read(body) is None
