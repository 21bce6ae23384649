"""h04, beyond the locked range: every border of every side of every kind, one unit inside, on it, outside."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from agent_facts import facts_of, good_setting

from contract import envelope
from contract.envelope import Cap, Standing
from contract.machines import MachineKind, catalogue
from contract.messages import History, Setting, Side, SideRange
from machine_agent.facts import Facts
from machine_agent.guard import Refused, decide

SHIFTS = (-1, 0, 1)


def known(kind: MachineKind, side: Side, *, inner_cdeg: int) -> Facts:
    """A side of a machine whose envelope ends `inner_cdeg` inside the machine (or outside, if negative)."""
    low, high = kind.limit_cdeg
    facts = facts_of()
    signed = SideRange(
        lowest_cdeg=low + inner_cdeg,
        highest_cdeg=high - inner_cdeg,
        start_highest_cdeg=high - inner_cdeg - 700,
    )
    sides: dict[Side, SideRange] = {side: signed}
    plan = replace(facts.plan, envelope=replace(facts.plan.envelope, sides=sides, machine_kind=kind.name))
    far = Standing(history=History(median3_g=20_000, peak_cdeg=high))
    return replace(
        facts,
        plan=plan,
        visit=replace(facts.visit, kind=kind),
        upcoming={2: (side, "train")},
        side=replace(facts.side, standing=far, current=None),
    )


def cases(kind: MachineKind, side: Side) -> Iterator[tuple[str, Setting, Facts, bool]]:
    """Name, setting, facts, and whether it must be accepted."""
    low, high = kind.limit_cdeg
    middle = (low + high) // 2
    wide = known(kind, side, inner_cdeg=-200)
    tight = known(kind, side, inner_cdeg=300)
    row = replace(good_setting(), side=side, start_cdeg=middle - 600, end_cdeg=middle + 600)
    near = replace(wide.side.standing, peaks_cdeg=(middle,) * 3, history=History(median3_g=20_000))
    reached = replace(wide, side=replace(wide.side, standing=near))
    first = replace(tight, side=replace(tight.side, standing=Standing(history=History(median3_g=20_000))))
    capped = replace(wide, side=replace(wide.side, cap=Cap(end_cdeg=middle + 600)))
    for by in SHIFTS:
        yield "machine, start", replace(row, start_cdeg=low + by), wide, by >= 0
        yield "machine, end", replace(row, end_cdeg=high + by), wide, by <= 0
        yield "envelope, start", replace(row, start_cdeg=low + 300 + by), tight, by >= 0
        yield "envelope, end", replace(row, end_cdeg=high - 300 + by), tight, by <= 0
        yield "reached", replace(row, end_cdeg=middle + 550 + by), reached, by <= 0
        yield "first time", replace(row, end_cdeg=high - 1_000 + by), first, by <= 0
        yield "cap of today", replace(row, end_cdeg=middle + 600 + by), capped, by <= 0
        yield "span", replace(row, start_cdeg=middle, end_cdeg=middle + 1_000 + by), wide, by >= 0


def wrong() -> tuple[int, list[str]]:
    """Judge every border of every side; returns how many, and those that were judged wrongly."""
    number, found = 0, []
    for kind in catalogue().values():
        for side in kind.sides:
            for name, setting, facts, is_right in cases(kind, side):
                verdict = decide(setting, facts, verified=True, retained=False)
                number += 1
                is_taken = not isinstance(verdict, Refused)
                if is_taken != is_right or (isinstance(verdict, Refused) and verdict.reason != "RANGE"):
                    found.append(f"{kind.name} {side} {name}: {verdict}")
    return number, found


def test_h04_every_border_of_every_side_holds_to_the_unit() -> None:
    number, found = wrong()
    assert number == 14 * 8 * 3
    assert found == []


@pytest.mark.parametrize("way", ["open", "one unit wide"])
def test_h04_control_an_open_border_is_seen(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "open":
        monkeypatch.setattr(envelope, "_is_inside", lambda *_: True)
    else:
        monkeypatch.setattr(envelope, "REACH_BEYOND_PEAK_CDEG", 551)
    assert wrong()[1] != []
