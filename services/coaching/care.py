"""What staff have laid down for a person, and that a person no longer agrees, holds in every session."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from contract.machines import LOAD_STEP_G
from contract.messages import Flag
from ml.request import Assessment
from services.coaching.case import Case, PlanRow
from services.coaching.names import made_id
from services.coaching.order import OVERRIDE, Order
from services.store import tables
from services.store.ledger import Ledger

SORE_MS: Final = 48 * 3_600_000  # clinical page: massage holds load for 48 h
HALF: Final = 2
TRAINING: Final = "training"  # the purpose without which nobody trains here
OF_NOBODY: Final = 0  # an order that no command carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """For many people: presets and tests that are open, who was massaged lately, who withdrew consent."""

    presets: Sequence[Any] = ()
    massages: Sequence[Any] = ()
    tests: Sequence[Any] = ()
    withdrawn: AbstractSet[str] = frozenset()  # who no longer agrees to train

    def preset(self, patient: str, day: str, kind: str) -> Any | None:
        """Find the newest open preset of a kind for a person's day."""
        mine = [one for one in self.presets if (one.patient_id, one.day, one.kind) == (patient, day, kind)]
        return mine[-1] if mine else None

    def swap(self, patient: str, day: str, station: str) -> Any | None:
        """Find the newest swap of a person's day that took a station out."""
        mine = [
            one for one in self.presets if (one.patient_id, one.day, one.station) == (patient, day, station)
        ]
        return mine[-1] if mine else None

    def is_over(self, patient: str, day: str) -> bool:
        """Tell whether nothing is planned for the person: staff ended the visit, or consent is withdrawn."""
        return patient in self.withdrawn or self.preset(patient, day, "end_visit") is not None

    def is_sore(self, patient: str, now_ms: int) -> bool:
        """Tell whether the person was massaged within 48 hours."""
        times = [one.at_ms for one in self.massages if one.patient_id == patient]
        return any(0 <= now_ms - at_ms < SORE_MS for at_ms in times)

    def ordered(self, patient: str, kind: str) -> tuple[Assessment, ...]:
        """List the tests that staff want on this kind of machine."""
        mine = [one.test for one in self.tests if (one.patient_id, one.kind) == (patient, kind)]
        return cast("tuple[Assessment, ...]", tuple(dict.fromkeys(mine)))

    def with_flags(self, found: Sequence[Flag], at: tuple[str, str, int]) -> tuple[Flag, ...]:
        """Add what holds for the whole session because of it; `at`: patient, studio day, time (ms)."""
        patient, day, now_ms = at
        is_held = any(self.preset(patient, day, kind) for kind in ("hold", "half_load"))
        added: tuple[Flag, ...] = ("no_increase",) if is_held or self.is_sore(patient, now_ms) else ()
        return tuple(dict.fromkeys((*found, *added)))


def withdrawn(stated: Iterable[Any]) -> frozenset[str]:
    """Name who has taken back what they agreed to (oldest first); who was never asked is not among them."""
    newest = {row.patient_id: row.given for row in stated}
    return frozenset(patient for patient, given in newest.items() if not given)


def halved(case: Case, rows: Sequence[PlanRow], preset: Any, ledger: Ledger) -> list[PlanRow]:
    """Halve the work of a plan, and keep it halved until staff give the session back to the model."""
    shown = [_half(row) for row in rows]
    for side in dict.fromkeys(row.side for row in shown):
        work = [row for row in shown if row.side == side and row.dose.mode == "train"]
        if not work:
            continue
        load_g = min(row.dose.load_g for row in work)
        found = Order(
            id=made_id("half", preset.id, case.row["id"], side),
            side=side,
            from_set=1,
            because="other",
            load_g=load_g,
        )
        case.orders[found.id] = found
        ledger.insert(tables.staff_order, _row(case, found, preset))
    return shown


def _half(row: PlanRow) -> PlanRow:
    if row.dose.mode not in ("train", "warm_up"):
        return row
    load_g = row.dose.load_g // HALF // LOAD_STEP_G * LOAD_STEP_G
    return replace(row, dose=replace(row.dose, load_g=load_g))


def _row(case: Case, found: Order, preset: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "origin": case.row["origin"],
        "machine": case.row["machine"],
        "session_id": case.row["id"],
        "patient_id": case.row["patient_id"],
        "kind": OVERRIDE,
        "seq": OF_NOBODY,
        "side": found.side,
        "from_set": found.from_set,
        "load_g": found.load_g,
        "because": found.because,
        "reason": preset.reason,
        "by_id": preset.by_id,
        "by_name": preset.by_name,
        "made_ms": case.row["opened_ms"],
    }
