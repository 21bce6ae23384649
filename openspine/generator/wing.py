"""One wing of an invented studio: patients, their machines, and the weeks behind them, in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from contract.messages import Down, Message, Plan, Setting
from emulator.day.record import dose
from emulator.rep_level.history import Course, History, write_history
from openspine.coached import coached
from openspine.demo.prescribing import RENEWAL_DAYS, Prescriber, sign_limits
from openspine.generator.invented import CIRCUIT, Invented, as_enrolled, invented, machines
from services.coaching import Desk
from services.coaching.enrol import enrol
from services.keys.demo import Keys
from services.store import audit, people, tables

SITE = "generated"
DAY_MS = 86_400_000
PRESCRIBER = "Dr Generator"
RENEWAL_MS = 28 * DAY_MS  # an envelope lives 42 days
RENEWALS_LAST = len(RENEWAL_DAYS) - 1  # the last phase of the way stays
MARK = "history.generated"  # in the audit trail: this wing is whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Wing:
    """Patients `first` to `first + count` (from 0) of a seed, their course; the opening of its first day."""

    number: int  # from 1
    seed: int
    first: int
    count: int
    weeks: int
    visits_per_week: int
    first_day_ms: int

    @property
    def name(self) -> str:
        """What codes, badges and machines of this wing begin with."""
        return f"g{self.seed}-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a wing holds; `digest` names its decisions: the same wing, the same one, whatever the keys."""

    sessions: int
    sets: int
    reps: int
    missed: int
    rows: int
    decisions: int
    digest: str


@dataclass(slots=True, kw_only=True)
class Scribe:
    """Writes one wing inside the caller's transaction (mutable: it counts)."""

    wing: Wing
    connection: Connection
    keys: Keys
    desk: Desk
    decided: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    decisions: int = 0
    renewed: int = 0
    _ids: dict[str, str] = field(default_factory=dict)

    def write(self) -> tuple[Written, History]:
        """Write people, machines, limits and every row of the course, and mark the wing as whole."""
        wing = self.wing
        year = datetime.fromtimestamp(wing.first_day_ms / 1_000, UTC).year
        whose = invented(range(wing.first, wing.first + wing.count), wing.seed, year=year, prefix=wing.name)
        stations = machines(CIRCUIT, max(wing.count, len(CIRCUIT)), wing.name)
        self._enrol(whose, stations)
        self._renew(wing.first_day_ms, whose)
        course = Course(
            machines=stations,
            weeks=wing.weeks,
            visits_per_week=wing.visits_per_week,
            first_day_ms=wing.first_day_ms,
            seed=wing.seed,
        )
        done = write_history([one.member for one in whose], course, lambda said: self._exchange(said, whose))
        self._renew(wing.first_day_ms + wing.weeks * 7 * DAY_MS, whose)
        written = Written(
            sessions=done.sessions,
            sets=done.sets,
            reps=done.reps,
            missed=done.missed,
            rows=done.rows,
            decisions=self.decisions,
            digest=self.decided.hexdigest()[:16],
        )
        _mark(self.connection, wing, written)
        return written, done

    def _enrol(self, whose: Sequence[Invented], stations: dict[str, str]) -> None:
        first_ms = self.wing.first_day_ms
        made = {"origin": "sim", "site_id": SITE, "enrolled_ms": first_ms, "retired": False}
        people.add_site(self.connection, {"id": SITE, "name": "Generated", "time_zone": "UTC"})
        for machine, kind in stations.items():
            people.add_machine(self.connection, {"id": machine, "kind": kind, "name": machine, **made})
        for one in whose:
            self._ids[one.patient.code] = enrol(
                self.connection,
                as_enrolled(one.patient),
                site=SITE,
                origin="sim",
                site_key=self.keys.site,
                now_ms=first_ms,
            )

    def _exchange(self, said: Sequence[Message], whose: Sequence[Invented]) -> list[Down]:
        self._renew(max(message.head.wall_ms for message in said), whose)
        answers = coached(said, self.connection, self.desk)
        for answer in answers:
            self._note(answer)
        return answers

    def _renew(self, now_ms: int, whose: Sequence[Invented]) -> None:
        """Sign everybody's limits again when a renewal is due."""
        prescriber = Prescriber(name=PRESCRIBER, key=self.keys.envelope)
        while now_ms >= self.wing.first_day_ms + self.renewed * RENEWAL_MS - DAY_MS // 2:
            for one in whose:
                patient = self._ids[one.patient.code], one.patient
                sign_limits(self.connection, patient, prescriber, min(self.renewed, RENEWALS_LAST), now_ms)
            self.renewed += 1

    def _note(self, answer: Down) -> None:
        """Take what was decided into the digest: doses and reasons, no signature and no key."""
        settings = answer.settings if isinstance(answer, Plan) else (answer,)
        for one in settings:
            if isinstance(one, Setting):
                self.decisions += 1
                self.decided.update(repr((one.session, dose(one))).encode())


def found(connection: Connection, wing: Wing) -> Written | None:
    """Return what the store already holds of a wing of exactly this course; None when nothing.

    RuntimeError when a wing of this name has another course, or is not whole.
    """
    marks = tables.audit.c
    marked = connection.scalar(
        select(marks.detail).where(marks.action == MARK, marks.object_id == wing.name).limit(1)
    )
    if marked is not None:
        if marked["wing"] != asdict(wing):
            raise RuntimeError(f"wing {wing.name} is here with another course: take another --seed")
        return Written(**marked["written"])
    first = f"{wing.name}-"  # codes are sealed, and machines are named alike
    if (
        connection.scalar(select(tables.machine.c.id).where(tables.machine.c.id.startswith(first)).limit(1))
        is not None
    ):
        raise RuntimeError(f"wing {wing.name} is here and not whole: take another --seed or database")
    return None


def _mark(connection: Connection, wing: Wing, written: Written) -> None:
    entry = audit.Entry(
        at_ms=wing.first_day_ms + wing.weeks * 7 * DAY_MS,
        actor=PRESCRIBER,
        action=MARK,
        thing="wing",
        thing_id=wing.name,
        detail={"wing": asdict(wing), "written": asdict(written)},
    )
    audit.record(connection, entry)
