"""Which row a set gets: the newest accepted setting, or the plan's row without any increase."""

from dataclasses import dataclass, replace
from typing import Literal

from contract.envelope import SPAN_LEAST_CDEG
from contract.messages import Setting
from machine_agent.agent.session import Queued
from machine_agent.facts import Current, SideState

IN_TIME_MS = 3_000  # a setting must be accepted so long before the rest ends (body time)
LEASE_MS = 10 * 60 * 1_000  # an accepted setting lives no longer (invariant 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The row for the next set, and why a queued setting is not it."""

    row: Setting
    taken: bool
    dropped: Literal["LEASE", "STATE"] | None = None


def choose(
    planned: Setting, queued: Queued | None, side: SideState, body_ms: int, deadline_ms: int
) -> Choice:
    """Choose the row of the next set; a setting accepted after `deadline_ms` waits for the next one."""
    if queued is None or queued.accepted_body_ms > deadline_ms:
        return Choice(row=fallback(planned, side), taken=False)
    if body_ms - queued.accepted_body_ms > LEASE_MS:
        return Choice(row=fallback(planned, side), taken=False, dropped="LEASE")
    if queued.setting.mode != planned.mode:  # a late one of a ramp set is none for a work set
        return Choice(row=fallback(planned, side), taken=False, dropped="STATE")
    # A late setting of an earlier set of this side is used here under this set's number.
    return Choice(row=replace(queued.setting, set=planned.set), taken=True)


def fallback(planned: Setting, side: SideState) -> Setting:
    """Lower the plan's row to what its side was last given and to the local cap; nothing rises."""
    caps = [planned.load_g, side.standing.accepted_g, side.cap.load_g]
    load_g = min(one for one in caps if one is not None)
    row = replace(planned, load_g=load_g - load_g % 100)
    return row if side.current is None else _inside(row, side.current, side)


def _inside(row: Setting, now: Current, side: SideState) -> Setting:
    start = max(row.start_cdeg, now.start_cdeg)
    end = min(row.end_cdeg, now.end_cdeg)
    if end - start < SPAN_LEAST_CDEG:
        start, end = now.start_cdeg, now.end_cdeg
    if side.cap.end_cdeg is not None:
        end = max(min(end, side.cap.end_cdeg), start)
    return replace(row, start_cdeg=start, end_cdeg=end)
