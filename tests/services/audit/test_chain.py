"""The chain finds what is done to it: edits, deletions, swaps, insertions, and by its head a cut-off end."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.audit.chain import NOTHING_BEFORE, PRUNED, UNKEYED, Head, Place, Row, check, sealed, signed

KEY = bytes(range(32))
KEYS = {"k1": KEY}
ROWS = 40
Chain = list[Row]


def chain(count: int = ROWS, *, after: Place | None = None, key_id: str = "k1", seed: int = 1) -> Chain:
    """Rows as the store would have written them."""
    draw = random.Random(seed)
    before, found = after or Place(), []
    for number in range(before.id + 1, before.id + 1 + count):
        row = Row(
            id=number,
            at_ms=1_800_000_000_000 + draw.randrange(10**9),
            actor=f"staff-{draw.randrange(5)}",
            action=draw.choice(("limits.sign", "patient.read", "staff.sign_in")),
            object_kind="patient",
            object_id=f"{draw.getrandbits(64):016x}",
            detail={"version": draw.randrange(9), "screen": draw.choice(("list", "progress"))},
            key_id=key_id,
            seal="",
        )
        row = replace(row, seal=sealed(KEY if key_id else b"", before.seal, row))
        before = Place(id=number, seal=row.seal)
        found.append(row)
    return found


@pytest.fixture
def whole() -> Chain:
    return chain()


def edited(rows: Chain, draw: random.Random) -> Chain:
    """Change one bit of one character of one field."""
    place, name = draw.randrange(len(rows)), draw.choice([one for one in Row.__slots__ if one != "detail"])
    value = getattr(rows[place], name)
    changed: dict[str, Any] = {}
    if isinstance(value, int):
        changed[name] = value ^ (1 << draw.randrange(40))
    else:
        at = draw.randrange(len(value))
        changed[name] = value[:at] + chr(ord(value[at]) ^ (1 << draw.randrange(4))) + value[at + 1 :]
    return [*rows[:place], replace(rows[place], **changed), *rows[place + 1 :]]


def detailed(rows: Chain, draw: random.Random) -> Chain:
    place = draw.randrange(len(rows))
    held = rows[place]
    detail = draw.choice(
        ({**held.detail, "version": held.detail["version"] + 1}, {**held.detail, "more": 1}, {"version": 1})
    )
    return [*rows[:place], replace(held, detail=detail), *rows[place + 1 :]]


def deleted(rows: Chain, draw: random.Random) -> Chain:
    """Take some rows out, not at the end: that needs a head."""
    first = draw.randrange(len(rows) - 1)
    last = draw.randrange(first + 1, len(rows))
    return rows[:first] + rows[last:]


def deleted_and_renumbered(rows: Chain, draw: random.Random) -> Chain:
    left = deleted(rows, draw)
    return [replace(row, id=number) for number, row in enumerate(left, start=1)]


def swapped(rows: Chain, draw: random.Random) -> Chain:
    first, second = draw.sample(range(len(rows)), 2)
    found = list(rows)
    found[first] = replace(rows[second], id=rows[first].id)
    found[second] = replace(rows[first], id=rows[second].id)
    return found


def inserted(rows: Chain, draw: random.Random) -> Chain:
    """Copy a row to another place, later ones moving on."""
    place, copied = draw.randrange(len(rows)), draw.choice(rows)
    found = [*rows[:place], copied, *rows[place:]]
    return [replace(row, id=number) for number, row in enumerate(found, start=1)]


def forged(rows: Chain, draw: random.Random) -> Chain:
    """Write the rest of the chain anew with a key of one's own, under the name of the true one."""
    place = draw.randrange(len(rows))
    before, found = (rows[place - 1].seal if place else NOTHING_BEFORE), rows[:place]
    for row in rows[place:]:
        found = [*found, replace(row, actor="me", seal=sealed(b"mine", before, replace(row, actor="me")))]
        before = found[-1].seal
    return found


WAYS = (edited, detailed, deleted, deleted_and_renumbered, swapped, inserted, forged)


def test_a_chain_as_it_was_written_holds(whole: Chain) -> None:
    report = check(whole, KEYS)
    assert (report.rows, report.faults_found, report.unkeyed) == (ROWS, 0, 0)
    assert report.last == Place(id=ROWS, seal=whole[-1].seal)
    assert check([], KEYS).faults_found == 0


def test_whatever_is_done_to_a_chain_is_found(whole: Chain, counted: Callable[[int], int]) -> None:
    trials = counted(10_000)
    missed = []
    for trial in range(trials):
        draw = random.Random(trial)
        way = WAYS[trial % len(WAYS)]
        changed = way(whole, draw)
        if changed != whole and check(changed, KEYS).faults_found == 0:
            missed.append((trial, way.__name__))
    assert missed == []


def test_a_check_without_the_key_would_miss_what_the_chain_finds(whole: Chain) -> None:
    """Whoever knows how a chain without a key is made can write it anew: the key is what stops them."""
    unkeyed = chain(key_id=UNKEYED)
    other = chain(key_id=UNKEYED, seed=2)
    assert check(other, KEYS).faults_found == check(unkeyed, KEYS).faults_found == 0
    assert check(other, KEYS).unkeyed == ROWS
    assert check([replace(row, key_id="k2") for row in whole], KEYS).faults_found == ROWS


def test_what_is_wrong_is_said_by_row_and_shown_up_to_a_number() -> None:
    rows = chain(100)
    report = check([*rows[:10], *rows[14:]], KEYS)
    assert [(one.id, one.what) for one in report.faults] == [
        (11, "4 rows are missing here"),
        (15, "is not what was written here"),
    ]
    report = check([replace(row, actor="me") for row in rows], KEYS)
    assert (report.faults_found, len(report.faults)) == (100, 20)


@pytest.fixture
def head(whole: Chain) -> Head:
    return signed(Head(id=30, seal=whole[29].seal, at_ms=1, key_id="k1"), KEY)


def faults(rows: Chain, head: Head, after: Place | None = None) -> list[str]:
    return [one.what for one in check(rows, KEYS, after=after, head=head).faults]


def test_a_head_finds_a_cut_off_end(whole: Chain, head: Head) -> None:
    assert faults(whole, head) == faults(whole[:30], head) == []
    assert faults(whole[:25], head) == ["the last 5 rows are missing"]
    assert check(whole[:25], KEYS).faults_found == 0  # the chain alone cannot know


def test_a_head_of_another_chain_or_of_nobody_is_found(whole: Chain, head: Head) -> None:
    assert faults(chain(seed=2), head) == ["is another row than the head says"]
    for wrong in (replace(head, sig="0" * 64), replace(head, id=29), replace(head, key_id="k2")):
        assert faults(whole, wrong)[-1] == "the head is not signed with a key that is here"


def pruned(rows: Chain, upto: int) -> tuple[Chain, Place]:
    """What retention leaves: the rows behind a place, and at the end the row that says so."""
    place = Place(id=upto, seal=rows[upto - 1].seal)
    said = replace(
        rows[-1], id=len(rows) + 1, action=PRUNED, detail={"upto": upto, "seal": place.seal, "count": upto}
    )
    said = replace(said, seal=sealed(KEY, rows[-1].seal, said))
    return [*rows[upto:], said], place


@pytest.fixture
def cut(whole: Chain) -> tuple[Chain, Place]:
    return pruned(whole, 12)


def test_a_chain_that_retention_has_cut_holds_from_there(cut: tuple[Chain, Place], head: Head) -> None:
    rows, place = cut
    assert check(rows, KEYS, after=place, head=head).faults_found == 0
    assert check(rows, KEYS).faults_found > 0
    assert faults(rows, signed(replace(head, id=11), KEY), place) == [
        "the head is older than what retention has left"
    ]


def test_a_head_at_the_cut_itself_is_compared(whole: Chain, cut: tuple[Chain, Place], head: Head) -> None:
    rows, place = cut
    here = replace(head, id=12, seal=whole[11].seal)
    assert faults(rows, signed(here, KEY), place) == []
    assert faults(rows, signed(replace(here, seal=whole[10].seal), KEY), place) == [
        "retention has cut after another row than the head says"
    ]


def test_nobody_but_retention_cuts(whole: Chain, cut: tuple[Chain, Place]) -> None:
    rows, place = cut
    further = Place(id=15, seal=whole[14].seal)
    assert check(rows[3:], KEYS, after=further).faults_found == 1  # no row says so
    assert check(rows[3:], KEYS, after=place).faults_found == 2  # three are missing
    assert check(whole[12:], KEYS, after=place).faults_found == 1  # the row that said so is gone
