"""What stands in the demo's books as its doors open: visits, today and later, and calibrated machines."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from openspine.demo.acting import DAY_MS, ORIGIN, acting, done
from openspine.demo.seed import patient_id
from openspine.demo.studio import DemoStudio
from services.office import machines, visits
from services.office.machines import Measured

VISIT_MINUTES = 40  # design page 1: a visit takes 25 to 40 minutes
SLOT_MINUTES = 20  # between two people who come
HALF_HOUR = 30  # minutes
OPENS_HOUR = 9
AGAIN_DAYS = 3  # two visits a week
CALIBRATED_DAYS = 180  # as the service proposes
CALIBRATED_AGO_DAYS = (40, 75, 168, 20, 110, 55, 8)  # the third is due soon; each machine in its turn
ERRORS = ((0.4, -0.2), (-0.8, 0.3), (1.1, 0.1))  # load in per cent, angle in degrees


def calibrate(connection: Connection, studio: DemoStudio, now_ms: int) -> None:
    """Say of every machine when its drive was measured last; one of them has to be measured again soon."""
    for place, machine in enumerate(sorted((*studio.machines, studio.kiosk.machine))):
        load_pct, angle_deg = ERRORS[place % len(ERRORS)]
        ago_days = CALIBRATED_AGO_DAYS[place % len(CALIBRATED_AGO_DAYS)]
        measured = Measured(
            load_error_pct=load_pct,
            angle_error_deg=angle_deg,
            valid_days=CALIBRATED_DAYS,
            note="Reference weights",
        )
        act = acting(connection, "admin", now_ms - ago_days * DAY_MS)
        done(machines.calibrate(connection, (ORIGIN, machine), measured, act))


def book(connection: Connection, studio: DemoStudio, now_ms: int) -> None:
    """Book everybody for today and for the next time.

    Who comes to the kiosk is expected last: somebody has to touch for them.
    """
    act = acting(connection, "therapist", now_ms)
    at_kiosk = set(studio.kiosk.patients)
    order = sorted((one.code for one in studio.patients), key=lambda code: (code in at_kiosk, code))
    for place, code in enumerate(order):
        for starts_ms in _starts(place, now_ms, ZoneInfo(studio.zone)):
            done(visits.book(connection, patient_id(code), starts_ms, VISIT_MINUTES, (ORIGIN, act)))


def _starts(place: int, now_ms: int, zone: ZoneInfo) -> list[int]:
    """Say when the person at this place of the list comes: today while there is room, and days later."""
    now = datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(zone)
    first = now.replace(minute=now.minute // HALF_HOUR * HALF_HOUR, second=0, microsecond=0)
    today = first + timedelta(minutes=place * SLOT_MINUTES)
    later = now.replace(hour=OPENS_HOUR, minute=0, second=0, microsecond=0)
    later += timedelta(days=AGAIN_DAYS, minutes=place * SLOT_MINUTES)
    moments = [today, later] if today.date() == now.date() else [later]
    return [round(moment.timestamp() * 1_000) for moment in moments]
