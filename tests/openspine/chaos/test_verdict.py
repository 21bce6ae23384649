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
        "reasons": Counter(),
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
    put_aside = verdict(said, _found(said, reasons=Counter({"failed (KeyError)": 2, "no_json ()": 1})))
    assert (put_aside.is_sound, put_aside.buried) == (False, 3)
    assert put_aside.told()["why"] == "3 rows were put aside, most of them for failed (KeyError)"


def _identity(message: Message) -> tuple[str, str, int]:
    return message.head.machine, message.head.stream, message.head.seq


def test_a_row_on_its_machines_disk_waits_and_is_not_lost(said: list[Message]) -> None:
    answer = said[-1]
    without = _found(said[:-1], kinds=Counter({"gravity": 1, "answer": 0}))
    seen = verdict(said, without, kept={_identity(answer)})
    assert (seen.lost, seen.waiting, seen.is_sound, seen.is_whole) == (0, 1, True, False)
    assert seen.told("nothing was committed")["why"] == (
        "1 rows still wait on machines' disks: not lost, not delivered either; nothing was committed"
    )
    gone = verdict(
        said, without, kept={_identity(said[0])}
    )  # the disk has another one, which is held as well
    assert (gone.lost, gone.waiting) == (1, 0)
    assert "neither with the service nor on a machine's disk" in gone.told()["why"]


def test_a_row_that_waits_hides_none_of_its_kind_that_is_lost(said: list[Message]) -> None:
    lost = _found(said, rows=Counter(map(_identity, said[:2])), kinds=Counter({"gravity": 0, "answer": 0}))
    seen = verdict(said, lost, kept={_identity(said[-1])})
    assert (seen.lost, seen.waiting) == (1, 1)


def test_a_whole_run_has_nothing_to_explain(said: list[Message]) -> None:
    assert verdict(said, _found(said)).told()["why"] == ""
    assert verdict(said, _found(said)).is_whole
