"""What staff have ordered for a session: it stands above what the model decides."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from contract.messages import Side, Why
from ml.request import Dose

Because = Literal["too_easy", "too_hard", "pain", "technique", "other"]
BECAUSE: Final[tuple[Because, ...]] = get_args(Because)
OF_STRENGTH: Final[frozenset[str]] = frozenset(("too_easy", "too_hard"))  # the choice tells what one can lift
OVERRIDE: Final = "override"
STAFF: Final = "staff"  # the policy that the setting names


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A dose of staff for one side from a set on; what is None stays as the model has it."""

    id: str
    side: Side
    from_set: int
    because: str
    load_g: int | None = None
    start_cdeg: int | None = None
    end_cdeg: int | None = None
    reps: int | None = None
    is_open: bool = True

    def over(self, dose: Dose) -> Dose:
        """Put the order's own figures into a dose; timed work becomes reps where reps are ordered."""
        return replace(
            dose,
            load_g=dose.load_g if self.load_g is None else self.load_g,
            start_cdeg=dose.start_cdeg if self.start_cdeg is None else self.start_cdeg,
            end_cdeg=dose.end_cdeg if self.end_cdeg is None else self.end_cdeg,
            reps=dose.reps if self.reps is None else self.reps,
            work_ms=dose.work_ms if self.reps is None else 0,
        )


def order_of(row: Any) -> Order:
    """Read an override from its row."""
    return Order(
        id=row.id,
        side=row.side,
        from_set=row.from_set,
        because=row.because or "other",
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        is_open=row.ended_ms is None,
    )


def dose_of(row: Any) -> Dose:
    """Read the dose of a setting from its row."""
    return Dose(
        set=row.ordinal,
        side=row.side,
        mode=row.mode,
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        work_ms=row.work_ms,
        tempo_ms=tuple(row.tempo_ms),
        rest_ms=row.rest_ms,
    )


def why(dose: Dose) -> tuple[Why, ...]:
    """Say that a person has chosen, and what."""
    return (Why(code="staff_choice", values={"to_g": dose.load_g, "to_reps": dose.reps}),)
