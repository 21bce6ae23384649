"""Random moments between two sets: who sits at which machine, what was done, what the agent knows."""

import uuid
from dataclasses import replace
from random import Random
from typing import Any

from contract.envelope import Cap, Standing
from contract.machines import MachineKind, catalogue
from contract.messages import Basis, Envelope, Flag, History, Mode, Plan, Setting, Side, SideRange, Stop
from machine_agent.facts import Current, Evidence, Facts, SideState, Visit

KINDS = tuple(catalogue().values())
MODES: tuple[Mode, ...] = ("train", "warm_up", "mobility", "isometric")
FLAGS: tuple[Flag, ...] = ("calibrating", "returning", "no_increase", "spasm", "practice_test", "pain_today")
STREAM, OTHER_STREAM = str(uuid.UUID(int=10)), str(uuid.UUID(int=11))
SESSION, OTHER_SESSION = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
NONCE, OTHER_NONCE = "0" * 32, "1" * 32
SUBJECT, OTHER_SUBJECT = "a" * 32, "b" * 32
WALL_MS = 1_800_000_000_000
SEEN, BASED, LAST_REP = 2, 10, 9  # newest accepted seq, newest row, last rep's row
OLD_ROW_MS, ROW_MS = 100_000, 101_000
FOR_STAFF = 0.15  # share of plans whose second set only staff may open


def facts_of(chance: Random) -> Facts:
    """Make a random person on a random machine between two sets."""
    kind = chance.choice(KINDS)
    side: Side = chance.choice(kind.sides) if chance.random() < 0.97 else "both"
    mode = chance.choices(MODES, (78, 12, 6, 4))[0]
    ceiling_g = chance.choice((0, 1_000, 20_000, 50_000, 50_000, kind.max_load_g, kind.max_load_g, 200_000))
    plan = _plan(kind, side, mode, ceiling_g, chance)
    state = _side(plan, kind, side, chance)
    is_slip = chance.random() < 0.04
    return Facts(
        visit=Visit(
            kind=kind,
            subject=OTHER_SUBJECT if is_slip and chance.random() < 0.5 else SUBJECT,
            session=SESSION,
            nonce=OTHER_NONCE if is_slip and chance.random() < 0.5 else NONCE,
        ),
        plan=plan,
        stream=STREAM,
        rows={8: OLD_ROW_MS, LAST_REP: OLD_ROW_MS + 500, BASED: ROW_MS},
        last_rep_seq=BASED + 1 if chance.random() < 0.02 else LAST_REP,
        seen={row.seq: row for row in plan.settings},
        hold_seq=chance.choices((0, SEEN, SEEN + 1, SEEN + 2), (90, 5, 3, 2))[0],
        upcoming={} if chance.random() < 0.02 else {2: (side, mode), 3: (side, "train")},
        side=state,
        evidence=_evidence(chance),
        wall_ms=plan.envelope.valid_until_ms - chance.choices((1_000_000, 1, 0, -1), (70, 25, 3, 2))[0],
        mono_ms=ROW_MS + chance.choices((0, 5_000, 5_001, 29_999, 30_000, 30_001), (20, 40, 5, 5, 25, 5))[0],
    )


def _plan(kind: MachineKind, side: Side, mode: Mode, ceiling_g: int, chance: Random) -> Plan:
    low, high = kind.limit_cdeg
    signed = SideRange(
        lowest_cdeg=low + chance.choice((-100, 0, 0, 0, 300)),
        highest_cdeg=high + chance.choice((100, 0, 0, -1_000)),
        start_highest_cdeg=(low + high) // 2 + 1_000,
    )
    envelope = Envelope(
        version=1,
        subject=SUBJECT,
        machine_kind=kind.name if chance.random() < 0.99 else "bicycle",
        max_load_g=chance.choice((ceiling_g, ceiling_g, 200_000)),
        max_torque_nm=chance.choice((300, 300, 300, 1, 0)),
        sides={side: signed} if chance.random() < 0.98 else {},
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=chance.choice((ceiling_g, ceiling_g, 200_000)),
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=WALL_MS,
        key_id="demo-envelope",
    )
    flags = tuple(flag for flag in FLAGS[:2] if chance.random() < 0.25)
    history = _history(kind, ceiling_g, chance)
    rows = tuple(_row(number, side, mode, kind, _load_g(ceiling_g, chance), chance) for number in (1, 2))
    if mode == "train" and chance.random() < FOR_STAFF:
        rows = (rows[0], _for_staff(rows[1], envelope, history, chance))
    return Plan(
        session=SESSION if chance.random() < 0.99 else OTHER_SESSION,
        nonce=NONCE,
        patient=SESSION,
        greeting="",
        language="en",
        clock="sim",
        profile="rehab",
        envelope=envelope,
        settings=rows,
        history={side: history},
        flags=flags,
        ceiling_g=chance.choice((ceiling_g // 2, ceiling_g, 0, 200_000)),
        questions=(),
        set_up={},
        key_id="demo-command",
    )


def _load_g(ceiling_g: int, chance: Random) -> int:
    """Draw a load that mostly fits under the ceiling."""
    most_g = min(ceiling_g, 60_000) * 9 // 10 if chance.random() < 0.9 else 60_000
    return chance.randrange(0, most_g + 1) // 100 * 100


def _row(number: int, side: Side, mode: Mode, kind: MachineKind, load_g: int, chance: Random) -> Setting:
    low, high = kind.limit_cdeg
    fields = blank() | {
        "seq": number,
        "set": number,
        "side": side,
        "mode": mode,
        "load_g": 0 if mode in ("mobility", "isometric") else load_g,
        "start_cdeg": low + chance.choice((0, 300, 1_000, 1_000)),
        "end_cdeg": high - chance.choice((0, 1_000, 1_000, 2_000, 2_000)),
    }
    if mode == "isometric":
        fields |= {"start_cdeg": fields["end_cdeg"], "reps": 3}
    return Setting(**fields)


def _for_staff(row: Setting, envelope: Envelope, past: History, chance: Random) -> Setting:
    """Mark a row for staff, with about as much as they may open."""
    most_g = min(envelope.max_load_g, envelope.phase_cap_g, past.last_regular_g)
    low = min((side.lowest_cdeg for side in envelope.sides.values()), default=0)
    end = low + (past.peak_regular_cdeg - low) * 60 // 100 + chance.choice((-500, 0, 0, 0, 1))
    load_g = most_g // 400 * 100 + chance.choice((-100, 0, 0, 0, 100))
    return replace(row, opens="staff", load_g=max(load_g, 0), end_cdeg=end)


def _history(kind: MachineKind, ceiling_g: int, chance: Random) -> History:
    high = kind.limit_cdeg[1]
    return History(
        day_start_g=chance.choice((0, 0, _load_g(ceiling_g, chance))),
        median3_g=chance.choice((0, 50_000, 50_000, _load_g(ceiling_g, chance))),
        peak_cdeg=chance.choices((0, high - 550, high - 1_500), (25, 60, 15))[0],
        last_regular_g=_load_g(ceiling_g, chance),
        peak_regular_cdeg=kind.limit_cdeg[1] - 1_000,
    )


def _side(plan: Plan, kind: MachineKind, side: Side, chance: Random) -> SideState:
    row = plan.settings[0]
    low, high = kind.limit_cdeg
    ceiling_g = min(plan.envelope.max_load_g, plan.envelope.phase_cap_g)
    accepted_g = None if chance.random() < 0.25 else _load_g(ceiling_g, chance)
    day_g = accepted_g or 0
    now = Current(
        load_g=row.load_g if accepted_g is None else accepted_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
    )
    standing = Standing(
        history=plan.history[side],
        accepted_g=accepted_g,
        day_start_g=chance.choice(
            (0, day_g, day_g, day_g * 9 // 10, day_g * 8 // 10, plan.history[side].day_start_g)
        ),
        range_cdeg=None if accepted_g is None else (row.start_cdeg, row.end_cdeg),
        peaks_cdeg=tuple(chance.randrange(low, high) for _ in range(chance.choice((0, 0, 1, 2, 3, 4)))),
    )
    cap = Cap(
        load_g=chance.choices((None, 0, 10_000), (90, 4, 6))[0],
        end_cdeg=chance.choices((None, high - 1_500), (90, 10))[0],
    )
    current = None if chance.random() < 0.05 else now
    return SideState(standing=standing, current=current, cap=cap, opened=chance.random() < 0.5)


def _evidence(chance: Random) -> Evidence:
    is_whole = chance.random() < 0.8
    return Evidence(
        link_age_ms=chance.choice((0, 14_999, 15_000) if is_whole else (15_000, 15_001, 200_000)),
        last_rep_clean=is_whole or chance.random() < 0.7,
        untroubled=is_whole or chance.random() < 0.7,
        healthy=is_whole or chance.random() < 0.7,
        gravity_measured=is_whole or chance.random() < 0.7,
        assist_locked=not is_whole and chance.random() < 0.3,
    )


def blank() -> dict[str, Any]:
    """Return the fields of a setting that no rule looks at, and fillers for the others."""
    return {
        "id": SESSION,
        "session": SESSION,
        "nonce": NONCE,
        "seq": 1,
        "set": 1,
        "side": "both",
        "mode": "train",
        "load_g": 0,
        "start_cdeg": 0,
        "end_cdeg": 1_000,
        "reps": 10,
        "work_ms": 0,
        "tempo_ms": (2_000, 0, 3_000),
        "rest_ms": 60_000,
        "stop": Stop(),
        "basis": Basis(stream=STREAM, seq=BASED),
        "ttl_ms": 30_000,
        "envelope_version": 1,
        "why": (),
        "policy": "steady",
        "model": "rule",
        "key_id": "demo-command",
    }
