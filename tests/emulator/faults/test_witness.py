from dataclasses import replace
from typing import Any

import pytest
from builders import a_rep, a_set_end
from scripted_machine import ScriptedMachine

from contract import codec
from contract.messages import Applied, Event, Message, Receipt, RecordedBody, SignOut
from emulator.faults.witness import Witness

APPLIED = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


def row(body: RecordedBody, **changes: Any) -> Message:
    said = ScriptedMachine().say(body)
    found = codec.decode_up(said.topic, said.payload)
    assert isinstance(found, Message)
    return replace(found, head=replace(found.head, **changes)) if changes else found


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (a_rep(), "rep"),
        (Event(what="sensor", detail="stuck"), "event sensor: stuck"),
        (a_set_end(reps=8, partial_reps=0), "set_end target, counted as done"),
        (a_set_end(reps=9, partial_reps=0), "set_end target, counted as done"),
        (a_set_end(reps=8, partial_reps=8), "set_end target, 16 reps counted and 8 done"),
        (Receipt(result="refused", applied=APPLIED, reason="STATE"), "refused STATE"),
        (SignOut(), "signed out"),
    ],
)
def test_a_row_is_seen_in_words(body: RecordedBody, what: str) -> None:
    witness = Witness()
    witness.row(row(body), 8, 1.5)
    assert [(one.at_s, one.what) for one in witness.seen] == [(1.5, what)]


def test_without_a_body_nothing_is_said_of_its_reps_and_what_was_applied_is_no_news() -> None:
    witness, boot = Witness(), "00000000-0000-4000-8000-000000000001"
    witness.row(row(a_set_end(), boot=boot), None, 1.0)
    witness.row(row(Receipt(result="applied", applied=APPLIED), boot=boot), None, 2.0)
    assert [one.what for one in witness.seen] == ["set_end target"]


def test_a_new_boot_is_seen_once() -> None:
    witness = Witness()
    first, second = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
    for boot in (first, first, second, second):
        witness.row(row(SignOut(), boot=boot), None, 1.0)
    assert [one.what for one in witness.seen].count("booted again") == 1
