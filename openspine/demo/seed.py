"""Twelve weeks behind twelve patients: rep-level people, fed through the service's own coaching and model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from contract.messages import Down, Message
from contract.names import made_id
from emulator.people.members import Description, Member, member
from emulator.rep_level.history import Course, History, write_history
from openspine.coached import coached
from openspine.demo.prescribing import RENEWAL_DAYS, Prescriber, person, sign_limits
from openspine.demo.studio import DEMO_PIN, DemoPatient, DemoStudio
from services.coaching import Desk
from services.coaching.enrol import NewPatient, enrol
from services.keys.demo import Keys
from services.store import people

DAY_MS = 86_400_000
OPENS_HOUR = 9  # the first person of a studio day
SITE = "studio"
Progress = Callable[[float], None]


@dataclass(slots=True, kw_only=True)
class Seeder:
    """Feeds history into a store inside the caller's transaction; `seed` is the one thing to call."""

    studio: DemoStudio
    connection: Connection
    keys: Keys
    desk: Desk
    progress: Progress
    now_ms: int
    renewed: int = field(default=0, init=False)
    _ids: dict[str, str] = field(default_factory=dict, init=False)  # code -> patient

    def seed(self) -> History:
        """Write people, machines, limits and the whole course; returns the members as they are today."""
        self._enrol()
        course = Course(
            machines=self.studio.machines,
            weeks=self.studio.weeks,
            visits_per_week=self.studio.visits_per_week,
            first_day_ms=first_day_ms(self.studio, self.now_ms),
            seed=1,
        )
        self._renew(course.first_day_ms)
        done = write_history(
            [self._member(patient) for patient in self.studio.patients], course, self._exchange
        )
        self._renew(self.now_ms)
        self.progress(1.0)
        return done

    def _exchange(self, messages: Sequence[Message]) -> Sequence[Down]:
        """Give one step of the whole studio to the coaching, as one batch."""
        self._renew(max(message.head.wall_ms for message in messages))
        return coached(messages, self.connection, self.desk)

    def _enrol(self) -> None:
        site = {"id": SITE, "name": self.studio.name, "time_zone": self.studio.zone}
        people.add_site(self.connection, site)
        first_ms = first_day_ms(self.studio, self.now_ms)
        kiosk = self.studio.kiosk
        for machine, kind in (self.studio.machines | {kiosk.machine: kiosk.kind}).items():
            people.add_machine(self.connection, _machine_row(machine, kind, first_ms))
        for patient in self.studio.patients:
            self._ids[patient.code] = enrol(
                self.connection,
                _as_enrolled(patient),
                site=SITE,
                origin="sim",
                site_key=self.keys.site,
                now_ms=first_ms,
            )

    def _renew(self, now_ms: int) -> None:
        """Let the prescriber sign again when a renewal is due."""
        first = first_day_ms(self.studio, self.now_ms)
        prescriber = Prescriber(name=self.studio.prescriber, key=self.keys.envelope)
        while (
            self.renewed < len(RENEWAL_DAYS)
            and now_ms >= first + RENEWAL_DAYS[self.renewed] * DAY_MS - DAY_MS // 2
        ):
            for patient in self.studio.patients:
                sign_limits(
                    self.connection, (self._ids[patient.code], patient), prescriber, self.renewed, now_ms
                )
            self.renewed += 1
        self.progress(min((now_ms - first) / (self.studio.weeks * 7 * DAY_MS), 1.0))

    def _member(self, patient: DemoPatient) -> Member:
        about = person(patient, self.now_ms)
        return member(
            Description(
                badge=patient.badge,
                code=patient.code,
                seed=patient.seed,
                sex=patient.sex,
                age_years=about.age_years,
                mass_kg=patient.mass_kg,
                pain_nrs=patient.baseline_nrs,
                stations=patient.stations,
            )
        )


def first_day_ms(studio: DemoStudio, now_ms: int) -> int:
    """Return the opening hour of the first day, so that today is the day after the course."""
    today = datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(ZoneInfo(studio.zone))
    opening = today.replace(hour=OPENS_HOUR, minute=0, second=0, microsecond=0)
    return int(opening.timestamp() * 1_000) - studio.weeks * 7 * DAY_MS


def patient_id(code: str) -> str:
    """Name a patient of the demo as enrolling does."""
    return made_id("patient", SITE, code)


def _as_enrolled(patient: DemoPatient) -> NewPatient:
    set_up: dict[str, int | str] = {"seat": 3 + patient.seed % 4, "pad": 2 + patient.seed % 3}
    return NewPatient(
        code=patient.code,
        name=patient.name,
        birth_year=patient.birth_year,
        sex=patient.sex,
        mass_kg=patient.mass_kg,
        height_m=patient.height_m,
        badge=patient.badge,
        pin=DEMO_PIN,
        language=patient.language,
        profile=patient.profile,
        baseline_nrs=patient.baseline_nrs,
        flags={"back_pain": patient.profile == "rehab"},
        stations=patient.stations,
        set_up=dict.fromkeys(patient.stations, set_up),
    )


def _machine_row(machine: str, kind: str, now_ms: int) -> dict[str, object]:
    return {
        "origin": "sim",
        "id": machine,
        "kind": kind,
        "site_id": SITE,
        "name": machine.replace("-", " ").capitalize(),
        "enrolled_ms": now_ms,
        "retired": False,
    }
