"""Which row a set gets: the newest accepted setting, or the plan's row without any increase."""

from dataclasses import dataclass, replace

from contract.envelope import SPAN_LEAST_CDEG
from contract.machines import LOAD_STEP_G
from contract.messages import Setting
from machine_agent import guard
from machine_agent.agent.session import Queued
from machine_agent.facts import Current, Facts, SideState

IN_TIME_MS = 3_000  # a setting must be accepted so long before the rest ends (body time)
LEASE_MS = 10 * 60 * 1_000  # an accepted setting lives no longer (invariant 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The row for the next set (None: nothing may start), and why a queued setting is not it."""

    row: Setting | None
    taken: bool = False
    dropped: str | None = None


def choose(planned: Setting, queued: Queued | None, known: Facts, body_ms: int, deadline_ms: int) -> Choice:
    """Choose and judge the next row; a setting accepted after `deadline_ms` waits for the set after.

    A row that only staff may open, and nobody has, is none; what is queued for it goes on waiting.
    """
    if not guard.may_begin(planned, known):
        return Choice(row=None)
    if queued is None or queued.accepted_body_ms > deadline_ms:
        return Choice(row=fallback(planned, known))
    if (reason := _why_not(planned, queued, known, body_ms)) is not None:
        return Choice(row=fallback(planned, known), dropped=reason)
    return Choice(row=_for_set(planned, queued), taken=True)


def fallback(planned: Setting, known: Facts) -> Setting | None:
    """Lower the plan's row to what its side was last given and to today's limits; None if still unsafe."""
    side = known.side
    caps = [planned.load_g, side.standing.accepted_g, guard.bounds(planned, known).load_g]
    load_g = min(one for one in caps if one is not None)
    row = replace(planned, load_g=load_g - load_g % LOAD_STEP_G)
    if side.current is not None and planned.mode != "isometric":  # an angle is none other for being near
        row = _inside(row, side.current, side)
    return row if guard.how_much(row, known) is None else None


def _why_not(planned: Setting, queued: Queued, known: Facts, body_ms: int) -> str | None:
    if body_ms - queued.accepted_body_ms > LEASE_MS:
        return "LEASE"
    if queued.setting.mode != planned.mode:  # a late one of a ramp set is none for a work set
        return "STATE"
    return guard.how_much(_for_set(planned, queued), known)


def _for_set(planned: Setting, queued: Queued) -> Setting:
    """Give a setting the number of the set that it is used for: a late one was meant for an earlier set."""
    return replace(queued.setting, set=planned.set)


def _inside(row: Setting, now: Current, side: SideState) -> Setting:
    start = max(row.start_cdeg, now.start_cdeg)
    end = min(row.end_cdeg, now.end_cdeg)
    if end - start < SPAN_LEAST_CDEG:
        start, end = now.start_cdeg, now.end_cdeg
    if side.cap.end_cdeg is not None:
        end = max(min(end, side.cap.end_cdeg), start)
    return replace(row, start_cdeg=start, end_cdeg=end)
