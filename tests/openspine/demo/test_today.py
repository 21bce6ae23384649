from sqlalchemy import Connection, select

from openspine.demo import today
from openspine.demo.studio import DemoStudio
from services.insights import machine_health
from services.insights.machine_health import Newest
from services.store import machines, tables
from services.store.reading.keyset import Rows

DAY, LATER = "2026-11-20", "2026-11-23"
MINUTE_MS = 60_000
MORNING_MS = 11 * 60 * MINUTE_MS  # before the evening of the fixture


def of_day(connection: Connection, day: str) -> Rows:
    booking, patient = tables.booking, tables.patient
    wanted = select(booking, patient.c.name).join(patient, patient.c.id == booking.c.patient_id)
    return connection.execute(wanted.where(booking.c.day == day).order_by(booking.c.starts_ms)).all()


def test_everybody_is_booked_for_today_and_again_and_the_kiosk_comes_last(
    enrolled: Connection, studio: DemoStudio, evening_ms: int
) -> None:
    now_ms = evening_ms - MORNING_MS
    today.book(enrolled, studio, now_ms)
    booked = of_day(enrolled, DAY)
    assert len({row.patient_id for row in booked}) == len(of_day(enrolled, LATER)) == 12
    starts = [row.starts_ms for row in booked]
    assert starts == sorted(set(starts)), "one after the other"
    assert now_ms - 30 * MINUTE_MS < starts[0] <= now_ms, "somebody is expected as the doors open"
    assert {row.name for row in booked[-2:]} == {one.name for one in studio.at_kiosk}
    assert all(row.stations for row in booked)


def test_late_in_the_evening_the_list_ends_with_the_day(
    enrolled: Connection, studio: DemoStudio, evening_ms: int
) -> None:
    today.book(enrolled, studio, evening_ms)
    assert len(of_day(enrolled, DAY)) == 6, "22:00 to 23:40, every 20 minutes"
    assert len(of_day(enrolled, LATER)) == 12


def test_every_machine_is_calibrated_and_one_soon_has_to_be_again(
    enrolled: Connection, studio: DemoStudio, evening_ms: int
) -> None:
    today.calibrate(enrolled, studio, evening_ms)
    newest = Newest(calibrations=machines.newest_calibrations(enrolled, "sim"), reports={})
    found = machine_health.health(machines.health(enrolled, "sim", None), newest, evening_ms)
    assert sorted(one.calibration for one in found) == ["due_soon", *["fine"] * 6]
