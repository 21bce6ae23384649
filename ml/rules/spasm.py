"""After a spasm: calm for 48 hours, then the dose before it comes back rung by rung (page 8)."""

from dataclasses import replace
from math import inf
from typing import Final

from contract.machines import MachineKind
from contract.messages import Phase
from ml.clinical.phases import is_near_spasm
from ml.clinical.table import RUNGS_PERCENT
from ml.request import Request, SessionSummary

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
REVIEW_DAYS = 90  # two spasms within so many days: review (page 8)
TEST_FREE_DAYS = 14  # no strength test so long after a spasm (page 8)
REGIONS = frozenset(("trunk", "neck"))  # spasm: 0 there
WHOLE_PERCENT = RUNGS_PERCENT[-1]


def is_spasm_today(request: Request) -> bool:
    """Tell whether today's answers or flags speak of a spasm."""
    return request.today.spasm or "spasm" in request.flags


def free_h(request: Request) -> float:
    """Return the hours since the last visit with a spasm (infinite without one)."""
    spasms = request.course.spasms_ms
    return (request.now_ms - spasms[-1]) / HOUR_MS if spasms else inf


def is_near(request: Request) -> bool:
    """Tell whether calm holds: a spasm today, or less than 48 hours without one."""
    return is_near_spasm(free_h(request), spasm_today=is_spasm_today(request))


def phase_in_force(request: Request) -> Phase:
    """Return the phase of today: the signed one, or calm near a spasm."""
    return "calm" if is_near(request) else request.envelope.phase


def is_second(request: Request) -> bool:
    """Tell whether today's spasm is not the first within 90 days."""
    since_ms = request.now_ms - REVIEW_DAYS * DAY_MS
    return is_spasm_today(request) and any(spasm > since_ms for spasm in request.course.spasms_ms)


def rung_percent(request: Request, kind: MachineKind) -> int:
    """Return the rung of this visit: 50, 70, 85, then 100 % of the dose before the spasm."""
    spasms = request.course.spasms_ms
    if not spasms or kind.region not in REGIONS or before_spasm(request) is None:
        return WHOLE_PERCENT
    return RUNGS_PERCENT[min(_trained_since(request, spasms[-1]), len(RUNGS_PERCENT) - 1)]


def before_spasm(request: Request) -> SessionSummary | None:
    """Return the last session before the spasm that was not itself on the way back from an earlier one."""
    spasms = request.course.spasms_ms
    for index in range(len(spasms) - 1, -1, -1):
        earlier = [one for one in request.past if one.wall_ms < spasms[index] and one.load_g > 0]
        is_whole = index == 0 or _count(earlier, spasms[index - 1]) >= len(RUNGS_PERCENT) - 1
        if earlier and is_whole:
            return earlier[-1]
    return None


def on_rung(usual: SessionSummary, percent: int) -> SessionSummary:
    """Return the session with that share of its load, and of its range from the start angle."""
    span = (usual.end_cdeg - usual.start_cdeg) * percent // 100
    return replace(usual, load_g=usual.load_g * percent // 100, end_cdeg=usual.start_cdeg + span)


def _trained_since(request: Request, spasm_ms: int) -> int:
    return _count([one for one in request.past if one.load_g > 0], spasm_ms)


def _count(sessions: list[SessionSummary], after_ms: int) -> int:
    return sum(1 for one in sessions if one.wall_ms > after_ms)
