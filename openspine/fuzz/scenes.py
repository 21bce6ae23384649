"""Random settings close to every border of a moment, and some that are wrong in who, when or what."""

from collections.abc import Sequence
from random import Random
from typing import Any

from msgspec import UNSET

from contract.messages import Basis, Setting
from machine_agent.facts import Facts
from openspine.fuzz.moments import (
    BASED,
    LAST_REP,
    MODES,
    OTHER_NONCE,
    OTHER_SESSION,
    OTHER_STREAM,
    SEEN,
    STREAM,
    blank,
    facts_of,
)

NEAR_G = (*(-100,) * 4, *(0,) * 8, 100, 100, -1, 1)  # one machine step and one unit around a border
NEAR_CDEG = (-1, *(0,) * 12, 1)
LB_PER_KG = 2.2046  # what a mistaken unit does to a load (hazard h25)


class Scene:
    """One moment: what the agent knows, and the numbers near which a setting is tempted to be wrong."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.facts = facts_of(chance)
        self._setting = _fields(self.facts)
        self._loads_g = _loads_g(self.facts)
        self._starts_cdeg, self._ends_cdeg = _angles_cdeg(self.facts)

    def setting(self) -> Setting:
        """Make a setting close to a border; one in ten is wrong in who, when or what."""
        chance = self._chance
        changes: dict[str, Any] = {
            "load_g": chance.choice(self._loads_g) + chance.choice(NEAR_G),
            "start_cdeg": chance.choice(self._starts_cdeg) + chance.choice(NEAR_CDEG),
            "end_cdeg": chance.choice(self._ends_cdeg) + chance.choice(NEAR_CDEG),
        }
        roll = chance.random()
        if roll < 0.5:
            changes["load_g"] = int(self._loads_g[0] * chance.random()) // 100 * 100
        if self._setting["mode"] in ("mobility", "isometric") and chance.random() < 0.8:
            changes |= _gentle(self._setting["mode"], changes["end_cdeg"], chance)
        if roll < 0.1:
            changes |= _mistake(self.facts, chance)
        if roll > 0.95:
            changes["ttl_ms"] = chance.choice((29_999, 60_000, 2**53))
        return Setting(**(self._setting | changes))


def _loads_g(facts: Facts) -> Sequence[int]:
    """List the loads at every border of this moment; the first is what the side has now."""
    standing, history, plan = facts.side.standing, facts.side.standing.history, facts.plan
    now_g = facts.side.current.load_g if facts.side.current else 10_000
    from_g = standing.accepted_g or 0
    ceiling_g = min(plan.envelope.max_load_g, plan.envelope.phase_cap_g, facts.visit.kind.max_load_g)
    borders = (
        now_g,
        now_g,
        from_g + 100,
        *(from_g + min(from_g * percent // 100, most_g) for percent, most_g in ((10, 2_500), (25, 5_000))),
        *(standing.day_start_g * percent // 100 for percent in (115, 140)),
        history.median3_g * 120 // 100,
        history.last_regular_g,
        ceiling_g,
        plan.ceiling_g,
        facts.side.cap.load_g or 0,
        *((min(ceiling_g, history.last_regular_g) * 25 // 100,) * 8 if _is_for_staff(facts) else ()),
        int(now_g * LB_PER_KG),
    )
    return tuple(load_g // 100 * 100 for load_g in borders)


def _angles_cdeg(facts: Facts) -> tuple[Sequence[int], Sequence[int]]:
    """List the start and end angles at every border of this moment, those of now most often."""
    now, standing, kind = facts.side.current, facts.side.standing, facts.visit.kind
    low, high = (now.start_cdeg, now.end_cdeg) if now else kind.default_cdeg
    signed = next(iter(facts.plan.envelope.sides.values()), None)
    step_cdeg = kind.range_step_cdeg
    starts = [low] * 12 + [low - step_cdeg, kind.limit_cdeg[0], high - 1_000]
    ends = [high] * 11 + [high + step_cdeg, high - 500, kind.limit_cdeg[1], low + 1_000]
    ends += [peak + 550 for peak in (*standing.peaks_cdeg, standing.history.peak_cdeg)]
    ends += [signed.highest_cdeg, signed.start_highest_cdeg] if signed else []
    starts += [signed.lowest_cdeg] if signed else []
    if signed and _is_for_staff(facts):
        way_cdeg = min(signed.highest_cdeg, standing.history.peak_regular_cdeg) - signed.lowest_cdeg
        ends += [signed.lowest_cdeg + way_cdeg * 60 // 100] * 12
    return starts, ends + ([facts.side.cap.end_cdeg] if facts.side.cap.end_cdeg else [])


def _is_for_staff(facts: Facts) -> bool:
    """Tell whether the set to come is one that only staff may open."""
    return any(row.is_for_staff for row in facts.plan.settings)


def _fields(facts: Facts) -> dict[str, Any]:
    [(side, mode)] = [facts.upcoming[2]] if 2 in facts.upcoming else [("both", "train")]
    marks = [row.opens for row in facts.plan.settings if row.set == 2]
    return blank() | {"seq": SEEN + 1, "set": 2, "side": side, "mode": mode, "opens": marks[0]}


def _gentle(mode: str, end_cdeg: int, chance: Random) -> dict[str, Any]:
    """Take the load off, and for a test of strength stand at one angle (or one unit beside it)."""
    if mode == "mobility":
        return {"load_g": 0}
    reps = chance.choices((0, 1, 3, 4), (1, 8, 8, 1))[0]
    return {"load_g": 0, "start_cdeg": end_cdeg + chance.choice(NEAR_CDEG), "reps": reps}


def _mistake(facts: Facts, chance: Random) -> dict[str, Any]:
    """Spoil one field that tells who, when or what."""
    wrong: tuple[dict[str, Any], ...] = (
        {"session": OTHER_SESSION},
        {"nonce": OTHER_NONCE},
        {"seq": chance.randrange(0, SEEN + 3)},
        {"set": chance.choice((0, 1, 3, 2**53))},
        {"side": chance.choice(("both", "left", "right"))},
        {"mode": chance.choice(MODES)},
        {"opens": chance.choice(("staff", UNSET))},
        {"reps": chance.choice((0, -1, 1, 30, 31, 2**53))},
        {"basis": Basis(stream=OTHER_STREAM, seq=BASED)},
        {"basis": Basis(stream=STREAM, seq=chance.choice((0, 7, 8, LAST_REP, BASED, BASED + 1)))},
        {"ttl_ms": chance.choice((0, 4_999, 5_000, 5_001, 2**53))},
        {"envelope_version": chance.choice((0, 1, 2))},
        {"load_g": chance.choice((-(2**53), -100, -1, 1, 2**53, 2**63))},
        {"end_cdeg": chance.choice((-(2**63), 2**63))},
        {"start_cdeg": chance.choice((-(2**63), 2**63))},
    )
    if chance.random() < 0.1:
        row = facts.plan.settings[chance.randrange(2)]
        return {name: getattr(row, name) for name in Setting.__slots__}
    return chance.choice(wrong)
