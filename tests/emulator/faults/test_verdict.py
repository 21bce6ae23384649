import math
from dataclasses import replace

import pytest

from emulator.faults.registry import FAULTS, UNLOADED
from emulator.faults.verdict import Planted, is_settled, judge
from emulator.faults.witness import Sighting

PAIN_S = 30.0
PAIN = Planted(name="pain", machine="row-1", at_s=PAIN_S)
SIGNS = FAULTS["pain"].signs


def shown(at_s: float) -> list[Sighting]:
    """Everything that pain must show, the store's part at the end."""
    return [
        Sighting(at_s=math.inf if sign in FAULTS["pain"].at_the_end else at_s, what=f"{sign}, and more")
        for sign in SIGNS
    ]


def test_a_fault_whose_every_sign_was_seen_after_it_is_seen() -> None:
    (verdict,) = judge([PAIN], {"row-1": shown(31.0)})
    assert (verdict.seen, verdict.missing, len(verdict.evidence)) == (True, (), len(SIGNS))
    assert verdict.evidence[0] == "event pain, and more (31.0 s)"
    assert verdict.expected == FAULTS["pain"].expected


@pytest.mark.parametrize("place", range(len(SIGNS)))
def test_a_sign_that_was_not_seen_is_named(place: int) -> None:
    seen = shown(31.0)
    del seen[place]
    (verdict,) = judge([PAIN], {"row-1": seen})
    assert (verdict.seen, verdict.missing) == (False, (SIGNS[place],))


def test_what_was_seen_before_the_fault_or_elsewhere_proves_nothing() -> None:
    (before,) = judge([PAIN], {"row-1": shown(29.0)})
    assert set(before.missing) == set(SIGNS) - set(FAULTS["pain"].at_the_end)
    (elsewhere,) = judge([PAIN], {"row-2": shown(31.0)})
    assert elsewhere.missing == SIGNS


def test_a_fault_that_never_struck_is_not_seen() -> None:
    (verdict,) = judge([Planted(name="pain", machine="row-1", at_s=None)], {"row-1": shown(31.0)})
    assert (verdict.seen, verdict.planted_s, verdict.missing) == (False, None, SIGNS)


def test_the_same_fault_struck_twice_needs_its_reaction_twice() -> None:
    again = Planted(name="pain", machine="row-1", at_s=60.0)
    first, second = judge([PAIN, again], {"row-1": shown(61.0)})
    assert second.seen
    assert not first.seen


def test_it_is_settled_when_the_machine_has_shown_its_part() -> None:
    seen = [one for one in shown(31.0) if not math.isinf(one.at_s)]
    assert is_settled(PAIN, seen)
    assert not is_settled(PAIN, seen[1:])
    assert not is_settled(Planted(name="pain", machine="row-1", at_s=None), seen)


def test_a_session_that_ended_before_the_one_that_is_judged_proves_nothing() -> None:
    skew = Planted(name="clock_skew", machine="row-1", at_s=30.0)
    before = [Sighting(at_s=30.0, what=what) for what in ("clock jumped by 600 s", "signed out")]
    seen = [*before, Sighting(at_s=40.0, what="signed in")]
    assert not is_settled(skew, seen)
    assert is_settled(skew, [*seen, Sighting(at_s=90.0, what="signed out")])


@pytest.mark.parametrize(("sign", "most_s"), FAULTS["pain"].within_s.items())
def test_a_sign_that_comes_later_than_the_rule_allows_is_missing(sign: str, most_s: float) -> None:
    for late_s, missing in ((most_s, ()), (most_s + 0.1, (sign,))):
        seen = [
            replace(one, at_s=PAIN_S + late_s) if one.what.startswith(sign) else one for one in shown(PAIN_S)
        ]
        seen = seen if sign == UNLOADED else [*seen, Sighting(at_s=PAIN_S + 5.5, what=UNLOADED)]
        (verdict,) = judge([PAIN], {"row-1": seen})
        assert verdict.missing == missing


def test_an_unloading_before_the_machine_stopped_proves_nothing() -> None:
    seen = [replace(one, at_s=PAIN_S + 0.1) if one.what.startswith(UNLOADED) else one for one in shown(30.5)]
    (verdict,) = judge([PAIN], {"row-1": seen})
    assert verdict.missing == (UNLOADED,)


def test_a_session_that_begins_while_the_disk_is_full_is_told() -> None:
    full = Planted(name="disk_full", machine="row-1", at_s=30.0)
    signs = [sign for sign in FAULTS["disk_full"].signs if sign not in FAULTS["disk_full"].at_the_end]
    seen = [Sighting(at_s=31.0 + place, what=what) for place, what in enumerate(signs)]
    seen += [Sighting(at_s=math.inf, what=what) for what in FAULTS["disk_full"].at_the_end]
    (verdict,) = judge([full], {"row-1": [*seen, Sighting(at_s=60.0, what="signed in")]})
    assert verdict.seen
    (verdict,) = judge([full], {"row-1": [*seen, Sighting(at_s=32.5, what="signed in")]})
    assert (verdict.seen, verdict.missing) == (False, ("not signed in",))
