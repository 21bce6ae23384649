"""The JSON of a touch -> an input of the agent; what does not fit exactly is refused and never repeated."""

from typing import Annotated

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from contract.messages import Question
from machine_agent import inputs

BODY_MOST_BYTES = 4_096

_Name = Annotated[
    str, Meta(min_length=1, max_length=64, pattern="^[^\\x00-\\x1f]*$")
]  # `sign_in`: 64 characters
_Pin = Annotated[str, Meta(min_length=1, max_length=32, pattern="^[^\\x00-\\x1f]*$")]
_Value = Annotated[int, Meta(ge=0, le=10)] | _Name  # NRS and CR10 end at 10


class _Touch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What a page may send; `Weighed` and `EmergencyStop` come from the machine, never from a page."""


class _Identify(_Touch, frozen=True, tag="identify"):
    badge: _Name | None = None
    code: _Name | None = None
    pin: _Pin | None = None


class _Confirm(_Touch, frozen=True, tag="confirm"):
    pass


class _Weigh(_Touch, frozen=True, tag="weigh"):
    pass


class _Reply(_Touch, frozen=True, tag="reply"):
    question: Question
    value: _Value


class _Start(_Touch, frozen=True, tag="start"):
    pass


class _Press(_Touch, frozen=True, tag="press"):
    button: inputs.Button


class _Resume(_Touch, frozen=True, tag="resume"):
    pass


class _StaffPin(_Touch, frozen=True, tag="staff_pin"):
    pin: _Pin


class _MoveArm(_Touch, frozen=True, tag="move_arm"):
    pass


class _Reset(_Touch, frozen=True, tag="reset"):
    pass


class _SignOff(_Touch, frozen=True, tag="sign_off"):
    pass


_Sent = (
    _Identify
    | _Confirm
    | _Weigh
    | _Reply
    | _Start
    | _Press
    | _Resume
    | _StaffPin
    | _MoveArm
    | _Reset
    | _SignOff
)
_DECODER = json.Decoder(_Sent)
_PLAIN: dict[type[_Touch], inputs.PatientInput] = {
    _Confirm: inputs.Confirm(),
    _Weigh: inputs.Weigh(),
    _Start: inputs.Start(),
    _Resume: inputs.Resume(),
    _MoveArm: inputs.MoveArm(),
    _Reset: inputs.Reset(),
    _SignOff: inputs.SignOff(),
}


def read(body: bytes) -> inputs.PatientInput | None:
    """Read one touch; None when it is none."""
    try:
        sent = _DECODER.decode(body)
    except (DecodeError, ValidationError, UnicodeError, RecursionError):
        return None
    match sent:
        case _Identify():
            return _identify(sent)
        case _Reply():
            return inputs.Reply(question=sent.question, value=sent.value)
        case _Press():
            return inputs.Press(button=sent.button)
        case _StaffPin():
            return inputs.StaffPin(pin=sent.pin)
        case _:
            return _PLAIN[type(sent)]


def _identify(sent: _Identify) -> inputs.Identify | None:
    """Take a badge alone, or a code with its PIN; nothing else says who somebody is."""
    is_badge = sent.badge is not None and sent.code is None and sent.pin is None
    is_code = sent.badge is None and sent.code is not None and sent.pin is not None
    if not (is_badge or is_code):
        return None
    return inputs.Identify(badge=sent.badge, code=sent.code, pin=sent.pin)
