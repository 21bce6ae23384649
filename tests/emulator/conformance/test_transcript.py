"""Evidence shows what was said, and no proof of a PIN."""

from contract.codec import Undecodable, decode_up
from emulator.conformance.transcript import SHOWN_MOST, Heard, shown


def heard(payload: bytes) -> Heard:
    found = decode_up("openspine-sim/v1/lumbar-1/up/session", payload)
    assert isinstance(found, Undecodable)
    return Heard(
        at_s=1.5, act="sign in", channel="up/session", payload=payload, qos=1, retain=False, message=found
    )


def test_a_pin_proof_is_blotted_out() -> None:
    text = shown(heard(b'{"code": "K02", "pin_proof": "5ec4e7"}'))
    assert "5ec4e7" not in text
    assert text.startswith('1.50 s machine up/session {"code": "K02"')


def test_a_proof_at_the_border_of_what_is_shown_is_blotted_out_too() -> None:
    padding = b"x" * (SHOWN_MOST - 30)
    text = shown(heard(b'{"a": "' + padding + b'", "pin_proof": "' + b"5ec4e7" * 20 + b'"}'))
    assert "5ec4" not in text
    assert text.endswith("...")
