"""What a side may be given now, as the model's doses are limited; a dose beyond it is refused in words."""

from typing import Any, Final

from contract.envelope import Limits
from contract.machines import catalogue
from contract.messages import Head
from ml.limiter import bounds
from services.coaching import questions
from services.coaching.case import Case, PlanRow
from services.office.refusal import Refusal, conflict

G: Final = 1_000  # in a kilogram
CDEG: Final = 100  # in a degree


def inside(case: Case, row: PlanRow, newest: Any, *, for_staff: bool = False) -> Limits:
    """Work out the limits of a set to come; `newest`: the newest row of the machine (seq, wall_ms).

    `for_staff`: only staff open the set.
    """
    frame = case.frame
    if frame is None:
        raise ValueError("limits need the frame of the session")
    ask = questions.Ask(
        session=case.row["id"],
        side=row.side,
        occasion="set_end",
        head=_head(case, newest),
        basis_seq=newest.seq,
        row=row,
    )
    return bounds(questions.known(case, frame, ask), catalogue()[case.row["kind"]], for_staff=for_staff)


def beyond(what: str, limits: Limits) -> Refusal:
    """Say which limit a dose breaks, and what it leaves."""
    if what in ("RANGE", "UNIT"):
        span = f"{limits.lowest_cdeg / CDEG:g} to {limits.highest_cdeg / CDEG:g} degrees"
        return conflict(f"Outside of what is allowed now: {span}, 1 to 30 repetitions, steps of .1 kg.")
    if what == "STEP":
        return conflict(f"More than one step at once: at most {limits.load_g / G:g} kg now.")
    return conflict(f"Above the limits ({what}): at most {limits.load_g / G:g} kg now.")


def _head(case: Case, newest: Any) -> Head:
    return Head(
        v=1,
        kind="answer",
        machine=case.row["machine"],
        stream=case.row["stream"],
        seq=newest.seq,
        boot=case.row["boot"],
        mono_ms=0,
        wall_ms=newest.wall_ms,
        session=case.row["id"],
    )
