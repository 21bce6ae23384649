"""Evidence shows what was said, and no proof of a PIN; every receipt is found by what it answers."""

import pytest

from contract.codec import Undecodable, decode_up
from contract.messages import Applied, Head, Message, Receipt, SignOut
from emulator.conformance.performance import GOOD
from emulator.conformance.rules import RULES
from emulator.conformance.transcript import SHOWN_MOST, Began, Entry, Heard, Said, Transcript, shown

STREAM = "00000000-0000-4000-8000-00000000000a"
SETTING = "00000000-0000-4000-8000-00000000000b"
NONE = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


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


def row(seq: int, session: str | None, reason: str | None = None) -> Heard:
    """Make a refusal of the setting, or without a reason the sign-out of a session."""
    refusal = Receipt(result="refused", applied=NONE, setting=SETTING, reason=reason)
    head = Head(
        v=1, kind="receipt" if reason else "sign_out", machine="le-1", stream=STREAM, seq=seq, boot=STREAM,
        mono_ms=seq, wall_ms=seq, session=session,
    )  # fmt: skip
    message = Message(head=head, body=refusal if reason else SignOut())
    return Heard(
        at_s=float(seq), act="", channel="up/event", payload=b"{}", qos=1, retain=False, message=message
    )


def said(act: str, label: str) -> Said:
    return Said(at_s=0.0, act=act, channel="down/setting", payload=b"{}", label=label, id=SETTING)


@pytest.mark.parametrize("session", ["one", None, "two", "another"])
def test_a_receipt_after_the_sign_out_is_of_what_was_said_last_and_not_of_its_replay(
    session: str | None,
) -> None:
    first, replay = said("hurt", GOOD), said("stop", "replayed")
    entries: list[Entry] = [
        Began(at_s=0.0, act="hurt", session="one"), first, row(1, "one"),
        Began(at_s=0.0, act="stop", session="two"), row(2, session, "STATE"),
        replay, row(3, "two", "SESSION_NONCE"), row(4, "two"),
    ]  # fmt: skip
    seen = Transcript(entries, "le-1")
    assert [one.head.seq for one in seen.receipts(first)] == [2]
    assert [one.head.seq for one in seen.receipts(replay)] == [3]
    followed = next(one for one in RULES if one.id == "RCPT-05")
    assert followed.judge(seen).result == "pass"


def test_a_receipt_without_a_session_is_not_of_the_act_that_has_none_but_of_what_was_said_last() -> None:
    early, late = said("before anybody", GOOD), said("stop", "replayed")
    began = Began(at_s=0.0, act="stop", session="two")
    seen = Transcript([early, row(1, None, "STATE"), began, late, row(2, None, "STATE")], "le-1")
    assert [one.head.seq for one in seen.receipts(early)] == [1]
    assert [one.head.seq for one in seen.receipts(late)] == [2]
