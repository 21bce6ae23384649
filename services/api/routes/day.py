"""The work of a studio day: visits, stations, presets, who needs somebody, the evening's signature."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from contract.messages.vocabulary import UUID_PATTERN
from services.api import cursors
from services.api.answering import act, command_key, done
from services.api.context import Here
from services.api.deps import Cursor, Doing, KindFilter, Limit, PatientId, Sight, UnitChoice, View, Work
from services.api.problems import bad_value, not_found
from services.api.schemas.day import (
    BookingWish,
    CancelWish,
    Changes,
    CountersignWish,
    FreeMachines,
    InForce,
    LaidDown,
    Made,
    MoveWish,
    Needs,
    PresetWish,
    Signed,
    StationsWish,
    TickWish,
    Visits,
)
from services.coaching.history import studio_day
from services.insights import changes as changing
from services.insights import needs as needing
from services.insights import standing as laid_down
from services.insights import visits as seeing
from services.office import countersigning, presets, visits
from services.office.circuit import Station
from services.store import bookings
from services.store.reading import changes as store_changes
from services.store.reading import inbox, owners, places
from services.store.reading import needs as store
from services.store.reading import standing as orders
from services.store.reading import visits as store_visits
from services.store.reading.keyset import Moment, Rows

router = APIRouter(prefix="/v1", tags=["day"])
BookingId = Annotated[str, Path(pattern=UUID_PATTERN)]
PresetId = Annotated[str, Path(pattern=UUID_PATTERN)]
DayChoice = Annotated[
    str | None, Query(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="studio day; today when left out")
]
OVERRIDE_DAYS, MISSED_DAYS, DAY_MS = 7, 28, 86_400_000
NEEDS_MOST = 100
CHANGES_USUAL = 100  # of a page of the evening's signature
VISITS_USUAL = 100  # of a page of a day: a site has fewer
GRAMS = 1_000  # in a kilogram


@router.get("/visits", response_model=Visits)
def list_visits(
    sight: Sight, day: DayChoice = None, limit: Limit = VISITS_USUAL, cursor: Cursor = None
) -> dict[str, object]:
    """List the visits of a day by time: planned, came, missed, cancelled, and who walked in."""
    shown = _day(sight, day)
    asked = store_visits.Day(origin=sight.origin, sites=sight.actor.scope.sites, day=shown)
    found = store_visits.page(sight.connection, asked, cursors.decode(cursor, Moment), limit + 1)
    rows, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.at_ms, id=row.id))
    count = store_visits.counted(sight.connection, asked)
    return {"day": shown, "count": count, "items": seeing.day(_facts(sight, rows, shown)), "next": following}


def _facts(sight: View, rows: Rows, day: str) -> seeing.Facts:
    """Read what is shown of the visits of a page."""
    booked = store_visits.booked(sight.connection, [row.id for row in rows if row.is_booked])
    walked_in = store_visits.walked_in(sight.connection, [row.id for row in rows if not row.is_booked])
    people = [row.patient_id for row in booked]
    ticks = [row for row in bookings.ticks(sight.connection, people, sight.origin, day) if row.day == day]
    came = [row.visit_id for row in (*booked, *walked_in) if row.visit_id is not None]
    sessions = store_visits.sessions_of(sight.connection, came)
    return seeing.Facts(booked=booked, walked_in=walked_in, ticks=ticks, sessions=sessions)


@router.post("/bookings", status_code=201, response_model=Made)
def book_visit(wish: BookingWish, doing: Doing) -> dict[str, str]:
    """Book a visit with the person's usual stations."""
    _in_scope(doing, wish.patient)
    place = (doing.origin, act(doing))
    made = done(visits.book(doing.connection, wish.patient, _ms(wish.starts_at), wish.minutes, place))
    return {"id": made}


@router.post("/bookings/{booking_id}/move", status_code=204)
def move_visit(booking_id: BookingId, wish: MoveWish, doing: Doing) -> None:
    """Put a planned visit to another time."""
    when = (_ms(wish.starts_at), wish.minutes)
    done(visits.move(doing.connection, booking_id, wish.version, when, act(doing)))


@router.post("/bookings/{booking_id}/cancel", status_code=204)
def cancel_visit(booking_id: BookingId, wish: CancelWish, doing: Doing) -> None:
    """Cancel a planned visit."""
    done(visits.cancel(doing.connection, booking_id, wish.version, act(doing)))


@router.put("/bookings/{booking_id}/stations", status_code=204)
def lay_out_visit(booking_id: BookingId, wish: StationsWish, doing: Doing) -> None:
    """Put the stations of a planned visit into another order; closed ones are refused."""
    stations = [Station(**one.model_dump()) for one in wish.stations]
    done(visits.lay_out(doing.connection, booking_id, wish.version, stations, act(doing)))


@router.post("/patients/{patient_id}/ticks", status_code=204)
def tick_off(patient_id: PatientId, wish: TickWish, doing: Doing) -> None:
    """Tick off a guided station or a home exercise of today; twice counts once."""
    place = (doing.origin, act(doing))
    done(visits.tick(doing.connection, patient_id, (wish.source, wish.item), place))


@router.get("/free-machines", response_model=FreeMachines)
def list_free_machines(sight: Sight, kind: KindFilter = None) -> dict[str, object]:
    """List the machines that are online and on which nobody trains: the next one to go to."""
    rows = bookings.free_machines(sight.connection, sight.origin, sight.actor.scope.sites, kind)
    return {"items": [{"machine": row.id, "name": row.name, "kind": row.kind} for row in rows]}


@router.post("/patients/{patient_id}/presets", status_code=201, response_model=LaidDown)
def lay_down_preset(patient_id: PatientId, wish: PresetWish, doing: Doing, here: Here) -> dict[str, object]:
    """Hold, halve, swap a station or end the visit for the whole person, today; says what was refused."""
    wanted = presets.Wish(kind=wish.kind, reason=wish.reason, station=wish.station, into=wish.into)
    place = (doing.origin, act(doing))
    made = done(presets.lay_down(doing.connection, patient_id, wanted, place, command_key(here)))
    return {"id": made.id, "sent": [_told(one) for one in made.sent]}


@router.get("/patients/{patient_id}/standing", response_model=InForce)
def list_standing(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """List the presets of today, the holds and the overrides that nobody has taken back."""
    found = orders.standing(
        sight.connection, patient_id, studio_day(sight.now_ms, sight.patient(patient_id).zone)
    )
    return {"items": laid_down.standing(found)}


@router.post("/presets/{preset_id}/end", status_code=204)
def end_preset(preset_id: PresetId, doing: Doing) -> None:
    """Take a preset back for the sessions to come."""
    done(presets.end(doing.connection, preset_id, act(doing)))


@router.get("/needs", response_model=Needs)
def list_needs(sight: Sight) -> dict[str, object]:
    """Rank who needs somebody: pain, clearances, plateaus, missed visits, overrides, asymmetry."""
    sites, now_ms = sight.actor.scope.sites, sight.now_ms
    asked = (sight.connection, sight.origin, sites)
    alerts = inbox.listing(*asked, inbox.Wanted(), now_ms)
    overrides = store.overrides(*asked, now_ms - OVERRIDE_DAYS * DAY_MS)
    missed = bookings.missed_lately(*asked, now_ms - MISSED_DAYS * DAY_MS)
    excluded = store.excluded(*asked, now_ms)
    people = {row.patient_id for rows in (alerts, overrides, missed, excluded) for row in rows}
    facts = needing.Facts(
        alerts=alerts,
        overrides=overrides,
        missed=missed,
        excluded=excluded,
        names=store.names(sight.connection, people - {None}),
    )
    return {"items": needing.ranked(facts, NEEDS_MOST)}


@router.get("/countersign", response_model=Changes)
def list_changes(
    sight: Sight,
    day: DayChoice = None,
    unit: UnitChoice = "kg",
    limit: Limit = CHANGES_USUAL,
    cursor: Cursor = None,
) -> dict[str, object]:
    """List what the model changed on a day, what was refused, what staff chose instead, and why."""
    shown = _day(sight, day)
    asked, after = _signed_day(sight, shown), cursors.decode(cursor, Moment)
    found = store_changes.page(sight.connection, asked, after, limit + 1)
    rows, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.now_ms, id=row.id))
    count = store_changes.counted(sight.connection, asked)
    items = changing.listing(rows, unit)
    return {"day": shown, "count": count.all, "open": count.open, "items": items, "next": following}


@router.post("/countersign", response_model=Signed)
def countersign_day(wish: CountersignWish, doing: Doing) -> dict[str, int]:
    """Sign decisions of a day in one act."""
    asked = _signed_day(doing, _valid(wish.day, "body.day"))
    return {"signed": done(countersigning.countersign(doing.connection, wish.decisions, asked, act(doing)))}


def _day(sight: View, day: str | None) -> str:
    return studio_day(sight.now_ms, _zone(sight)) if day is None else _valid(day, "query.day")


def _signed_day(asked: View | Work, day: str) -> store_changes.Day:
    span_ms = countersigning.span_ms(day, _zone(asked))
    return store_changes.Day(origin=asked.origin, sites=asked.actor.scope.sites, span_ms=span_ms)


def _valid(day: str, where: str) -> str:
    try:
        return datetime.fromisoformat(day).date().isoformat()
    except ValueError:
        raise bad_value(where, "There is no such day.") from None


def _zone(asked: View | Work) -> str:
    return places.zone_of(asked.connection, asked.actor.scope.sites) or "UTC"


def _in_scope(doing: Work, patient_id: str) -> None:
    """Refuse a person of another site in the words of one that is not there."""
    owner = owners.owner(doing.connection, "patient_id", patient_id, doing.origin)
    sites = doing.actor.scope.sites
    if owner is None or (sites is not None and owner.site not in sites):
        raise not_found("patient")


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)


def _told(sent: presets.Sent) -> dict[str, object]:
    return {
        "session": sent.session,
        "machine": sent.machine,
        "side": sent.side,
        "load_kg": None if sent.load_g is None else sent.load_g / GRAMS,
        "refusal": sent.refusal,
    }
