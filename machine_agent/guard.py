"""The last to agree: accepts a setting or says why not. It refuses, it never clamps.

Rule 1: the first failure is the reason (`Reason`, in this order); the load stays as it is.
Rule 2: what is safe is defined once, in `contract.envelope`; this file adds who, when and on what evidence.
Rule 3: a decrease inside what the side has now passes the rules of amount; an increase needs everything.
Rule 4: no clock, no I/O, integers. The signature was checked by the link, which hands in its verdict.
Rule 5: order is by seq and freshness by the agent's own rows; a sender's clock is never looked at.
"""

from dataclasses import dataclass, replace
from typing import Literal

from contract.envelope import NO_CAP, Limits, Standing, limits, staff_cap, under, violations
from contract.messages import Envelope, History, Plan, Setting
from machine_agent.facts import Current, Facts, Visit

Reason = Literal[
    "RETAINED", "SCHEMA", "SIGNATURE", "MACHINE", "SUBJECT", "SESSION_NONCE", "UNIT", "ENVELOPE_VERSION",
    "SEQ", "HELD", "BASIS", "EXPIRED", "STATE",
    "LOAD", "RANGE", "EVIDENCE", "STEP", "SESSION_CAP", "WEEK_CAP",
]  # fmt: skip
# Three of these in a session lock the assist (invariant 13); honest races do not count.
SUSPICIOUS: frozenset[Reason] = frozenset(
    {"SIGNATURE", "SCHEMA", "UNIT", "LOAD", "RANGE", "STEP", "SESSION_CAP", "WEEK_CAP"}
)
COMMAND_MOST_MS = 30_000  # a setting may be based on nothing older (design: "Clock-free freshness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not accepted; `suspicious` counts towards locking the assist."""

    reason: Reason
    suspicious: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Safe; `again` when the very same setting was accepted before."""

    setting: Setting
    again: bool = False


def decide(setting: Setting, facts: Facts, *, verified: bool, retained: bool) -> Accepted | Refused:
    """Judge one setting by the acceptance list."""
    if retained:
        return refuse("RETAINED")
    if verified and facts.seen.get(setting.seq) == setting:
        return Accepted(setting=setting, again=True)
    reason = _who(setting, bounds(setting, facts), facts, verified=verified) or _when(setting, facts)
    if reason is not None:
        return refuse(reason)
    reason = how_much(setting, facts)
    if reason is None:
        return Accepted(setting=setting)
    uncapped = replace(facts, side=replace(facts.side, cap=NO_CAP))  # the sender cannot know a local cap yet
    is_race = how_much(setting, uncapped) != reason
    return Refused(reason=reason, suspicious=reason in SUSPICIOUS and not is_race)


def refuse(reason: Reason) -> Refused:
    """Make a refusal."""
    return Refused(reason=reason, suspicious=reason in SUSPICIOUS)


def how_much(setting: Setting, facts: Facts) -> Reason | None:
    """Check the amount (LOAD to WEEK_CAP): on arrival, and again when the setting is put on the drive."""
    allowed = bounds(setting, facts)
    broken = violations(setting, allowed)
    if "LOAD" in broken:
        return "LOAD"
    current = None if setting.mode == "isometric" else facts.side.current  # a test is no decrease
    if current is not None and _is_decrease(setting, current):
        return "RANGE" if "RANGE" in violations(setting, _signed_range(setting, allowed, facts)) else None
    if "RANGE" in broken:
        return "RANGE"
    if not facts.evidence.allows_increase:
        return "EVIDENCE"
    return broken[0] if broken else None


def check_plan(plan: Plan, visit: Visit, wall_ms: int, *, verified: bool, retained: bool) -> Reason | None:
    """Judge a whole plan: who it is for, and every row of it against the limits of its side."""
    if retained:
        return "RETAINED"
    if not verified:
        return "SIGNATURE"
    reason = _whose(plan, visit) or _rows(plan, visit)
    return reason or (None if wall_ms < plan.envelope.valid_until_ms else "ENVELOPE_VERSION")


def may_begin(setting: Setting, facts: Facts) -> bool:
    """Tell whether a row may be put on the drive: one that is for staff only after they have opened it."""
    return facts.side.opened or not setting.is_for_staff


def bounds(setting: Setting, facts: Facts) -> Limits:
    """Work out the limits of a setting's side, local caps of today included."""
    return under(_signed(setting, facts.side.standing, facts.plan, facts.visit), facts.side.cap)


def _whose(plan: Plan, visit: Visit) -> Reason | None:
    if plan.envelope.machine_kind != visit.kind.name:
        return "MACHINE"
    if plan.envelope.subject != visit.subject:
        return "SUBJECT"
    return None if (plan.session, plan.nonce) == (visit.session, visit.nonce) else "SESSION_NONCE"


def _rows(plan: Plan, visit: Visit) -> Reason | None:
    if not plan.settings or len({row.set for row in plan.settings}) != len(plan.settings):
        return "SCHEMA"
    for row in plan.settings:
        if (row.session, row.nonce) != (visit.session, visit.nonce):
            return "SESSION_NONCE"
        history = plan.history.get(row.side, History())
        standing = Standing(history=history, day_start_g=history.day_start_g)
        if broken := violations(row, _signed(row, standing, plan, visit)):
            return broken[0]
    return None


def _signed(row: Setting, standing: Standing, plan: Plan, visit: Visit) -> Limits:
    """Work out what is signed for a row; one that is for staff has a cap of its own."""
    allowed = limits(plan.envelope, visit.kind, row.side, standing, plan.flags, plan.ceiling_g)
    if not row.is_for_staff:
        return allowed
    return under(allowed, staff_cap(plan.envelope, row.side, standing.history))


def _who(setting: Setting, allowed: Limits, facts: Facts, *, verified: bool) -> Reason | None:
    if not verified:
        return "SIGNATURE"
    if (reason := _whose(facts.plan, facts.visit)) is not None:
        return reason
    if (setting.session, setting.nonce) != (facts.visit.session, facts.visit.nonce):
        return "SESSION_NONCE"
    if "UNIT" in violations(setting, allowed):
        return "UNIT"
    envelope = facts.plan.envelope
    is_valid = setting.envelope_version == envelope.version and facts.wall_ms < envelope.valid_until_ms
    return None if is_valid else "ENVELOPE_VERSION"


def _when(setting: Setting, facts: Facts) -> Reason | None:
    if setting.seq <= max(facts.seen, default=0):
        return "SEQ"
    if setting.seq <= facts.hold_seq:
        return "HELD"
    told_ms = facts.rows.get(setting.basis.seq)
    if setting.basis.stream != facts.stream or told_ms is None or facts.last_rep_seq > setting.basis.seq:
        return "BASIS"
    if facts.mono_ms - told_ms > min(setting.ttl_ms, COMMAND_MOST_MS):
        return "EXPIRED"
    is_marked = any(row.set == setting.set and row.is_for_staff for row in facts.plan.settings)
    is_due = facts.upcoming.get(setting.set) == (setting.side, setting.mode)
    return None if is_due and setting.is_for_staff == is_marked else "STATE"


def _is_decrease(setting: Setting, current: Current) -> bool:
    is_inside = current.start_cdeg <= setting.start_cdeg and setting.end_cdeg <= current.end_cdeg
    return setting.load_g <= current.load_g and is_inside


def _signed_range(setting: Setting, allowed: Limits, facts: Facts) -> Limits:
    """Bound a decrease by machine, envelope and local cap: what was reached lately does not bind it."""
    signed: Envelope = facts.plan.envelope
    side = signed.sides.get(setting.side)
    furthest_cdeg = min(facts.visit.kind.limit_cdeg[1], side.highest_cdeg) if side else 0
    within = under(replace(allowed, highest_cdeg=furthest_cdeg), facts.side.cap)
    if not setting.is_for_staff:
        return within
    return under(within, staff_cap(signed, setting.side, facts.side.standing.history))
