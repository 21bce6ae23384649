"""*The* definition of safe, used by the limiter (which narrows) and by the guard (which refuses).

Rule 1: integers only (grams, hundredths of a degree); equality is exact and NaN cannot be written.
Rule 2: an unset limit is 0; a missing side, envelope or history allows nothing above one machine step.
Rule 3: limits nest and only narrow; the smallest of independent caps wins.
Rule 4: no clock, no I/O, no state. The numbers are proposals for a clinician to sign (invariants 1-3).
"""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from contract.machines import LOAD_STEP_G, MachineKind
from contract.messages import Envelope, Flag, History, Mode, Side, SideRange

Violation = Literal["UNIT", "LOAD", "RANGE", "STEP", "SESSION_CAP", "WEEK_CAP"]

SPAN_LEAST_CDEG = 1_000  # 10 deg: below it a rep cannot be told from sway
REACH_BEYOND_PEAK_CDEG = 550  # 5.5 deg beyond what was achieved: one lumbar range step and half a degree
REPS_MOST = 30  # reps in a set (invariant 9)
TRIES_MOST = 3  # tries of an isometric test (invariant 16)
SET_PERCENT, SET_MOST_G = 10, 2_500  # a regular increase within a session: 10 %, at most 2.5 kg
SESSION_PERCENT = 15  # over the day's first load
WEEK_PERCENT = 20  # over the median of the last three sessions
CALIBRATING_SET_PERCENT, CALIBRATING_SET_MOST_G = 25, 5_000  # first four sessions on a machine
CALIBRATING_SESSION_PERCENT = 40
PAIN_LOAD_PERCENT = 50  # of the last regular load on red pain, before anybody has looked (invariant 8)
PAIN_RANGE_PERCENT = 80  # of the last regular peak, on red pain and on a spasm day
STAFF_LOAD_PERCENT = (
    25  # of the load cap and of the last regular load, in a set that staff open (page 8, calm)
)
STAFF_RANGE_PERCENT = 60  # of the way from the lowest signed angle to the last regular peak (page 8, calm)
SPASM_REGIONS = frozenset(
    ("trunk", "neck")
)  # nothing is lifted with these on a spasm day (page 8, hazard h11)


class Command(Protocol):
    """The part of a setting that can hurt; a `Setting` of the wire and a dose of the model both have it."""

    @property
    def mode(self) -> Mode:
        """What the set is for."""
        ...

    @property
    def load_g(self) -> int:
        """Load in grams."""
        ...

    @property
    def start_cdeg(self) -> int:
        """Start angle in hundredths of a degree."""
        ...

    @property
    def end_cdeg(self) -> int:
        """End angle in hundredths of a degree."""
        ...

    @property
    def reps(self) -> int:
        """Reps, or the most of them in a timed set."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one side stands in this session: what the step caps are measured from.

    `accepted_g`: load of the last accepted regular set of this session, None before the first.
    `day_start_g`: first regular load of the studio day, 0 before it. `range_cdeg`: start and end of the
    session's first work set. `peaks_cdeg`: achieved end angles of this session, newest last.
    """

    history: History
    accepted_g: int | None = None
    day_start_g: int = 0
    range_cdeg: tuple[int, int] | None = None
    peaks_cdeg: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A cap of today on one side (red pain, spasm, after a stop); None caps nothing."""

    load_g: int | None = None
    end_cdeg: int | None = None


NO_CAP = Cap()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the next setting of one side: loads in grams, angles in hundredths of a degree."""

    max_load_g: int
    set_load_g: int
    session_load_g: int
    week_load_g: int
    lowest_cdeg: int
    highest_cdeg: int
    range_step_cdeg: int
    max_torque_nm: int = 0
    range_cdeg: tuple[int, int] | None = None

    @property
    def load_g(self) -> int:
        """The smallest of all load caps."""
        return min(self.max_load_g, self.set_load_g, self.session_load_g, self.week_load_g)


def limits(
    envelope: Envelope,
    kind: MachineKind,
    side: Side,
    standing: Standing,
    flags: tuple[Flag, ...],
    ceiling_g: int,
) -> Limits:
    """Work out what one side may be given next, from the signed envelope and from where the side stands."""
    ceiling = min(kind.max_load_g, envelope.max_load_g, envelope.phase_cap_g)
    if "calibrating" in flags:
        ceiling = min(ceiling, ceiling_g)
    lowest, highest = _angles(envelope, kind, side, standing)
    return Limits(
        max_load_g=ceiling,
        set_load_g=_set_cap(standing, flags, ceiling),
        session_load_g=_session_cap(standing, flags, ceiling),
        week_load_g=_week_cap(standing, flags, ceiling),
        lowest_cdeg=lowest,
        highest_cdeg=highest,
        range_step_cdeg=kind.range_step_cdeg,
        max_torque_nm=envelope.max_torque_nm,
        range_cdeg=standing.range_cdeg,
    )


def narrow(first: Limits, second: Limits) -> Limits:
    """Take the narrower of two limits, field by field; the first's session range stays the reference."""
    return Limits(
        max_load_g=min(first.max_load_g, second.max_load_g),
        set_load_g=min(first.set_load_g, second.set_load_g),
        session_load_g=min(first.session_load_g, second.session_load_g),
        week_load_g=min(first.week_load_g, second.week_load_g),
        lowest_cdeg=max(first.lowest_cdeg, second.lowest_cdeg),
        highest_cdeg=min(first.highest_cdeg, second.highest_cdeg),
        range_step_cdeg=min(first.range_step_cdeg, second.range_step_cdeg),
        max_torque_nm=min(first.max_torque_nm, second.max_torque_nm),
        range_cdeg=first.range_cdeg or second.range_cdeg,
    )


def pain_cap(history: History, *, spasm: bool) -> Cap:
    """Cap a side on red pain, or on a spasm day: both ends of the wire must do the same."""
    load_g = 0 if spasm else history.last_regular_g * PAIN_LOAD_PERCENT // 100
    return Cap(load_g=load_g, end_cdeg=history.peak_regular_cdeg * PAIN_RANGE_PERCENT // 100 or None)


def staff_cap(envelope: Envelope, side: Side, history: History) -> Cap:
    """Cap a set that only staff may open; without a regular load or signed angles it is nothing."""
    most_g = min(envelope.max_load_g, envelope.phase_cap_g, history.last_regular_g)
    signed = envelope.sides.get(side, SideRange(lowest_cdeg=0, highest_cdeg=0, start_highest_cdeg=0))
    reach = min(signed.highest_cdeg, history.peak_regular_cdeg or signed.start_highest_cdeg)
    end = signed.lowest_cdeg + (reach - signed.lowest_cdeg) * STAFF_RANGE_PERCENT // 100
    painful = pain_cap(history, spasm=True).end_cdeg  # the range of a spasm day holds here, too
    return Cap(
        load_g=most_g * STAFF_LOAD_PERCENT // 100, end_cdeg=end if painful is None else min(end, painful)
    )


def under(bounds: Limits, cap: Cap) -> Limits:
    """Put limits under a cap of today."""
    load_g = bounds.max_load_g if cap.load_g is None else min(cap.load_g, bounds.max_load_g)
    end_cdeg = bounds.highest_cdeg if cap.end_cdeg is None else min(cap.end_cdeg, bounds.highest_cdeg)
    return replace(bounds, max_load_g=load_g, highest_cdeg=end_cdeg)


def violations(command: Command, bounds: Limits) -> tuple[Violation, ...]:
    """List what the command breaks, in the order in which the guard reports; empty means safe."""
    found: list[Violation] = []
    is_test = command.mode == "isometric"
    most = TRIES_MOST if is_test else REPS_MOST
    if command.load_g % LOAD_STEP_G != 0 or command.load_g < 0 or not 1 <= command.reps <= most:
        found.append("UNIT")
    if command.load_g > bounds.max_load_g or (is_test and bounds.max_torque_nm == 0):
        found.append("LOAD")
    if not _is_inside(command, bounds):
        found.append("RANGE")
    if (
        command.load_g > bounds.set_load_g
        or widening_cdeg(command, bounds.range_cdeg) > bounds.range_step_cdeg
    ):
        found.append("STEP")
    if command.load_g > bounds.session_load_g:
        found.append("SESSION_CAP")
    if command.load_g > bounds.week_load_g:
        found.append("WEEK_CAP")
    return tuple(found)


def widening_cdeg(command: Command, reference: tuple[int, int] | None) -> int:
    """Sum how far both ends of the command go beyond the reference range (0 without a reference)."""
    if reference is None:
        return 0
    return max(reference[0] - command.start_cdeg, 0) + max(command.end_cdeg - reference[1], 0)


def _is_inside(command: Command, bounds: Limits) -> bool:
    is_work = command.mode in ("train", "warm_up")
    span = command.end_cdeg - command.start_cdeg
    is_span = span == 0 if command.mode == "isometric" else span >= (SPAN_LEAST_CDEG if is_work else 0)
    is_in = bounds.lowest_cdeg <= command.start_cdeg and command.end_cdeg <= bounds.highest_cdeg
    return is_span and is_in and (is_work or command.load_g == 0)


def _angles(envelope: Envelope, kind: MachineKind, side: Side, standing: Standing) -> tuple[int, int]:
    """Lowest start and highest end: machine, envelope, and what the side has shown that it can reach."""
    signed = envelope.sides.get(side)
    if signed is None:
        return 0, 0
    last = sorted(standing.peaks_cdeg[-3:])
    shown = [last[(len(last) - 1) // 2]] if last else []  # of two the lower is the median: inward
    shown += [standing.history.peak_cdeg] if standing.history.peak_cdeg else []  # 0: nothing known
    reach = max(shown) + REACH_BEYOND_PEAK_CDEG if shown else signed.start_highest_cdeg
    return max(kind.limit_cdeg[0], signed.lowest_cdeg), min(kind.limit_cdeg[1], signed.highest_cdeg, reach)


def _set_cap(standing: Standing, flags: tuple[Flag, ...], ceiling: int) -> int:
    if standing.accepted_g is None:
        return ceiling  # the first work set is the reference, not a step (invariant 3)
    if "calibrating" in flags:
        return _above(standing.accepted_g, CALIBRATING_SET_PERCENT, CALIBRATING_SET_MOST_G)
    return _returning(_above(standing.accepted_g, SET_PERCENT, SET_MOST_G), standing, flags)


def _session_cap(standing: Standing, flags: tuple[Flag, ...], ceiling: int) -> int:
    if standing.day_start_g == 0:
        return ceiling
    percent = CALIBRATING_SESSION_PERCENT if "calibrating" in flags else SESSION_PERCENT
    return _returning(_above(standing.day_start_g, percent, ceiling), standing, flags)


def _week_cap(standing: Standing, flags: tuple[Flag, ...], ceiling: int) -> int:
    if "calibrating" in flags:
        return ceiling
    return _returning(_above(standing.history.median3_g, WEEK_PERCENT, ceiling), standing, flags)


def _above(load_g: int, percent: int, most_g: int) -> int:
    """One machine step is always allowed; otherwise the percentage, at most `most_g` (floor: inward)."""
    return load_g + max(LOAD_STEP_G, min(most_g, load_g * percent // 100))


def _returning(cap_g: int, standing: Standing, flags: tuple[Flag, ...]) -> int:
    """Back from a calm day or an absence: loads up to the last regular one are not increases."""
    return max(cap_g, standing.history.last_regular_g) if "returning" in flags else cap_g
