"""What today leaves behind for a person, over sign-outs and restarts: signing in again resets nothing."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from contract.envelope import SPASM_REGIONS, Cap, pain_cap
from contract.messages import Flag, History, Plan, Setting
from machine_agent.agent import opening
from machine_agent.agent.session import NOT_TROUBLED, Session

DAY_MS = 86_400_000
HOLD_MS = 18 * 60 * 60 * 1_000  # a latch outlives the working day of any studio, whatever its time zone
AFTER_STOP_LOAD_PERCENT = 80  # after a pain stop, when staff let the person go on (invariant 8)
AFTER_STOP_RANGE_PERCENT = 90
NRS_MOST = 10  # the worst pain on the scale
SCORES = frozenset(map(str, range(NRS_MOST + 1)))
UNWELL, SYMPTOM = "unwell", "symptom"  # latches without details
HURT = "hurt"  # more pain than is green on a spasm day: staff open nothing any more
EVERYBODY = ""  # the subject of a latch of the machine
FORGOTTEN = "forgotten"  # what others had latched today cannot be read: nothing rises, nobody trains offline
NOTHING_RISES = ("pain", "red", "spasm", UNWELL, SYMPTOM, FORGOTTEN)
_LATCH = re.compile(
    r"(pain(:\w+:\d{1,9}:-?\d{1,9}:-?\d{1,9})?|red|spasm|unwell|symptom|hurt|forgotten|first:\w+:\d{1,9}|set:\w+"
    r"|time:\d{1,9}:[\da-f-]+)(@\d{1,15})?",
    re.ASCII,
)
TOO_HEAVY_PERCENT = 90  # "Too heavy": 10 % less at the next rest, locks nothing (clinical rules, "Screens")


def stamped(latch: str, wall_ms: int) -> str:
    """Write down a latch with its time."""
    return f"{latch}@{wall_ms}"


def is_latch(text: str) -> bool:
    """Tell whether this can have been written here: a damaged file may say anything."""
    return _LATCH.fullmatch(text) is not None


def unstamped(text: str) -> str:
    """Return a latch without its time."""
    return text.partition("@")[0]


def holds(day: int, text: str, wall_ms: int) -> bool:
    """Tell whether a latch still holds; one without a time is taken as written at the end of its UTC day."""
    written = text.partition("@")[2]
    return wall_ms - (int(written) if written else (day + 1) * DAY_MS) < HOLD_MS


def read_nrs(value: int | str) -> int:
    """Read a pain score; what cannot be read counts as the worst pain."""
    text = str(value)
    return int(text) if text in SCORES else NRS_MOST


def cap_all(session: Session, nrs: int, *, spasm: bool) -> bool:
    """Narrow every side on red pain or a spasm; True when anything was capped."""
    if session.plan is None:
        return False
    if not spasm and nrs <= session.plan.envelope.pain_amber_nrs:
        return False
    _cap_sides(session, spasm=spasm)
    return True


def red_latch(*, spasm: bool) -> str:
    """Write down that a person answered red pain, or a spasm."""
    return "spasm" if spasm else "red"


def cap_spasm_day(session: Session) -> None:
    """Narrow trunk and neck to nothing when the service says that today is a spasm day."""
    if session.plan and "spasm" in session.plan.flags and session.visit.kind.region in SPASM_REGIONS:
        _cap_sides(session, spasm=True)


def take_flags(session: Session, flags: Iterable[Flag]) -> None:
    """Take over what a later plan warns of; nothing that it would allow."""
    if session.plan is None:
        return
    warnings = [flag for flag in flags if flag not in NOT_TROUBLED]
    session.plan = replace(session.plan, flags=tuple(dict.fromkeys((*session.plan.flags, *warnings))))
    session.troubled = session.troubled or bool(warnings)
    cap_spasm_day(session)


def cap_nothing(session: Session) -> None:
    """Allow no load at all on any side: new symptoms, until a clinician has looked."""
    for side in list(session.sides):
        session.cap(side, Cap(load_g=0))


def cap_after_stop(session: Session, row: Setting | None) -> None:
    """Narrow the side that hurt; before anything was lifted there is none."""
    if row is not None:
        session.cap(row.side, _after_stop(row.load_g, row.start_cdeg, row.end_cdeg))


def too_heavy_cap(load_g: int) -> Cap:
    """Cap a side below what was too heavy."""
    return Cap(load_g=load_g * TOO_HEAVY_PERCENT // 100)


def pain_latch(row: Setting | None) -> str:
    """Write down after what a person stopped for pain; None: before anything was lifted."""
    return f"pain:{row.side}:{row.load_g}:{row.start_cdeg}:{row.end_cdeg}" if row else "pain"


def first_latch(row: Setting) -> str:
    """Write down a side's first regular load of the day."""
    return f"first:{row.side}:{row.load_g}"


def set_latch(row: Setting) -> str:
    """Write down that a set was started: the sets of a side are counted over sign-outs (invariant 9)."""
    return f"set:{row.side}"


def time_latch(trained_ms: int, session: str) -> str:
    """Write down how long a visit was trained in so far; waiting for staff afterwards costs nothing."""
    return f"time:{trained_ms}:{session}"


def with_first_loads(plan: Plan, latches: Iterable[str]) -> Plan:
    """Put today's first loads into the history of a plan; the lower of latch and plan wins."""
    histories = dict(plan.history)
    for row in plan.settings:
        history = histories.get(row.side, History())
        firsts = [int(text.split(":")[2]) for text in latches if text.startswith(f"first:{row.side}:")]
        if history.day_start_g:
            firsts.append(history.day_start_g)
        if firsts:
            histories[row.side] = replace(history, day_start_g=min(firsts))
    return replace(plan, history=histories)


def recall(session: Session, latches: Collection[str]) -> None:
    """Apply today's latches to a session that has just got its plan; the stricter of both wins."""
    cap_spasm_day(session)
    session.spent_ms += _spent_ms(latches)
    if opening.first_step(latches) is opening.Step.SHUT:
        session.shut()
    for latch in latches:
        what, *details = latch.split(":")
        session.troubled = session.troubled or what in NOTHING_RISES
        if what == "pain":
            _recall_pain(session, details)
        elif what == SYMPTOM:
            cap_nothing(session)
        elif what == "set":
            session.count_set(details[0])
        elif what in ("red", "spasm"):
            _cap_sides(session, spasm=what == "spasm")


def _spent_ms(latches: Iterable[str]) -> int:
    """Add up the visits; each is written down anew at the end of every set, and its longest time counts."""
    spent_ms: dict[str, int] = {}
    for latch in latches:
        what, _, details = latch.partition(":")
        if what == "time":
            trained_ms, _, visit = details.partition(":")
            spent_ms[visit] = max(spent_ms.get(visit, 0), int(trained_ms))
    return sum(spent_ms.values())


def _cap_sides(session: Session, *, spasm: bool) -> None:
    for side, state in list(session.sides.items()):
        session.cap(side, pain_cap(state.standing.history, spasm=spasm), spasm=spasm)


def _recall_pain(session: Session, details: list[str]) -> None:
    side = next((one for one in session.sides if details and one == details[0]), None)
    if side is not None:
        load_g, start_cdeg, end_cdeg = map(int, details[1:])
        session.cap(side, _after_stop(load_g, start_cdeg, end_cdeg))


def _after_stop(load_g: int, start_cdeg: int, end_cdeg: int) -> Cap:
    span_cdeg = (end_cdeg - start_cdeg) * AFTER_STOP_RANGE_PERCENT // 100
    return Cap(load_g=load_g * AFTER_STOP_LOAD_PERCENT // 100, end_cdeg=start_cdeg + span_cdeg)
