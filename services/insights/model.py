"""How the model does in use: drift of its inputs, bands and belief; overrides by people; a challenger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan

from ml.artifact import Card
from ml.monitoring import drift, shadow
from ml.monitoring.drift import Bins, Coverage, Innovations, InputDrift
from ml.monitoring.shadow import Report, Shadowed
from services.insights.units import at
from services.store.reading.keyset import Record, Rows
from services.store.tally import MONDAY_MS, WEEK_MS

WEEKS_SHOWN = 12  # a course


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The newest sets of a model against training (`inputs`), those before (`recent`), and its promises."""

    sets: int
    inputs: tuple[InputDrift, ...]
    recent: tuple[InputDrift, ...]
    coverage: Coverage
    innovations: Innovations


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """One week of one policy: what became of its settings.

    `share`: of the applied ones that came lighter than sent, or whose set was ended as too heavy or by staff;
    None before the first one was applied.
    """

    week: datetime
    policy: str
    settings: int
    applied: int
    refused: int
    expired: int
    narrowed: int
    too_heavy: int
    staff: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanges:
    """One week of signed limits: how often anew, and how often narrower than before."""

    week: datetime
    signed: int
    narrower: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InShadow:
    """A challenger and what it would have done; `may_not_act` says why it may not act yet."""

    policy: str
    model: str
    report: Report
    may_not_act: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfPeople:
    """How good the model is on one part of the people that were kept apart."""

    name: str
    sets: int
    coverage: float
    width_reps: float
    mae_reps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What the model was made of, and how good it was on people unseen (80 % band, reps in reserve)."""

    people: int
    sets: int
    held_out_people: int
    coverage: float
    coverage_worst_tenth: float
    width_reps: float
    mae_reps: float
    mae_of_median_reps: float
    parts: tuple[PartOfPeople, ...]


def card_of(card: Card | None) -> ModelCard | None:
    """Take from the card what people are shown; None where the rule decides without a model."""
    if card is None:
        return None
    figures = card.figures
    return ModelCard(
        people=card.people,
        sets=card.sets,
        held_out_people=int(figures["held_out_people"]),
        coverage=figures["coverage"],
        coverage_worst_tenth=figures["coverage_worst_decile_of_people"],
        width_reps=figures["width_reps"],
        mae_reps=figures["mae_reps"],
        mae_of_median_reps=figures["mae_of_the_median_reps"],
        parts=tuple(_part(name, row) for name, row in sorted(card.strata.items())),
    )


def _part(name: str, row: Mapping[str, float]) -> PartOfPeople:
    return PartOfPeople(
        name=name,
        sets=int(row["sets"]),
        coverage=row["coverage"],
        width_reps=row["width_reps"],
        mae_reps=row["mae_reps"],
    )


def drift_of(card: Card | None, rows: Rows) -> Drift:
    """Judge the newest sets; without a card there is nothing to compare inputs with."""
    reference: Mapping[str, Bins] = {} if card is None else card.reference
    known = [_numbers(row.features) for row in rows if len(row.features) == len(reference)]
    told = [row.band_held for row in rows if row.band_held is not None]
    return Drift(
        sets=len(rows),
        inputs=drift.input_drift(reference, known),
        recent=drift.recent_drift(tuple(reference), known),
        coverage=drift.coverage(sum(told), len(told)),
        innovations=drift.innovations([row.innovation for row in rows if row.innovation is not None]),
    )


def overrides(rows: Rows) -> tuple[Overrides, ...]:
    """Draw the weeks, the oldest first."""
    return tuple(_override(row) for row in rows)


def limit_changes(rows: Rows) -> tuple[LimitChanges, ...]:
    """Draw the weeks in which limits were signed, the oldest first."""
    return tuple(
        LimitChanges(week=_monday(row.week), signed=row.signed, narrower=row.narrower) for row in rows
    )


def since_ms(now_ms: int) -> int:
    """Tell where the oldest week begins that is shown."""
    this_week = (now_ms - MONDAY_MS) // WEEK_MS
    return (this_week - WEEKS_SHOWN + 1) * WEEK_MS + MONDAY_MS


def shadow_report(rows: Rows) -> Report:
    """Sum up a challenger from its rows with the outcome of their sets."""
    return shadow.report([_shadowed(row) for row in rows])


def in_shadow(policy: str, model: str, rows: Rows, least: int) -> InShadow:
    """Sum up a challenger and say whether it may act."""
    found = shadow_report(rows)
    return InShadow(policy=policy, model=model, report=found, may_not_act=shadow.not_proven(found, least))


def _override(row: Record) -> Overrides:
    return Overrides(
        week=_monday(row.week),
        policy=row.policy,
        settings=row.settings,
        applied=row.applied,
        refused=row.refused,
        expired=row.expired,
        narrowed=row.narrowed,
        too_heavy=row.too_heavy,
        staff=row.staff,
        share=round(row.overridden / row.applied, 4) if row.applied else None,
    )


def _shadowed(row: Record) -> Shadowed:
    return Shadowed(
        champion_load_g=row.champion_load_g,
        load_g=row.load_g,
        champion_raised=row.champion_raised,
        raised=row.raised,
        agrees=row.agrees,
        violations=row.violations,
        failed=row.failed is not None,
        champion_p_too_hard=row.champion_p_too_hard,
        p_too_hard=row.p_too_hard,
        too_hard=_too_hard(row.ended_by, row.rir),
    )


def _too_hard(ended_by: str | None, said: str | None) -> bool | None:
    """Tell whether less than one rep was left: it failed, or the person said so; None when nobody knows."""
    if ended_by == "tempo" or said == "0":
        return True
    return None if said is None else False


def _numbers(features: Sequence[float | None]) -> list[float]:
    return [nan if value is None else value for value in features]


def _monday(week: int) -> datetime:
    return at(week * WEEK_MS + MONDAY_MS)
