from collections import Counter
from typing import Any

import pytest
from scripted_machine import ScriptedMachine

from contract import codec
from contract.messages import Message
from openspine.chaos.service import Found
from openspine.chaos.verdict import verdict


@pytest.fixture
def said() -> list[Message]:
    machine = ScriptedMachine()
    rows = [machine.sign_in(), machine.weigh(), machine.answer("rir", "3-5", 1)]
    decoded = [codec.decode_up(row.topic, row.payload) for row in rows]
    return [one for one in decoded if isinstance(one, Message)]


def _found(said: list[Message], **changes: Any) -> Found:
    heads = [one.head for one in said]
    whole: dict[str, Any] = {
        "rows": Counter((head.machine, head.stream, head.seq) for head in heads),
        "kinds": Counter({"gravity": 1, "answer": 1, "rep": 0}),
        "buried": 0,
    }
    return Found(**(whole | changes))


def test_every_row_once_is_sound(said: list[Message]) -> None:
    seen = verdict(said, _found(said))
    assert seen.is_sound
    assert seen.messages == 3


def test_a_row_that_is_missing_is_lost_in_the_inbox_or_in_its_table(said: list[Message]) -> None:
    assert verdict(said, _found(said[1:])).lost == 1
    assert verdict(said, _found(said, kinds=Counter({"gravity": 1, "answer": 0}))).lost == 1


def test_a_row_that_is_held_twice_is_doubled(said: list[Message]) -> None:
    twice = _found(said).rows + _found(said[:1]).rows
    assert verdict(said, _found(said, rows=twice)).doubled == 1
    assert verdict(said, _found(said, kinds=Counter({"gravity": 2, "answer": 1}))).doubled == 1
    assert not verdict(said, _found(said, buried=1)).is_sound
