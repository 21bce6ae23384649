"""What staff and people wrote down in the weeks behind them: programmes, exercises, answers, tests, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from openspine.demo.acting import DAY_MS, ORIGIN, acting, done
from openspine.demo.seed import first_day_ms, patient_id
from openspine.demo.studio import DemoPatient, DemoStudio
from services.office import care, functional, health, instruments, programmes, telling, visits
from services.office.care import HomeWish
from services.office.functional import Entered
from services.office.joining import Consent, Pressure
from services.office.programmes import Goal, NewProgramme
from services.office.refusal import Act

WEEK_MS = 7 * DAY_MS
AHEAD_WEEKS = 4  # of a programme, after the weeks that lie behind
ASKED_WEEKS = (0, 6)  # what was filled in and measured; week 12 is due as the demo opens
EVENING_MS = 10 * 3_600_000  # after the opening hour
EXERCISES = ("pelvic_tilt", "knee_to_chest", "walk")
TIMES_A_WEEK = 4
CONSENTS = (("training", True), ("research", False))
CONSENT_VERSION = "1"
TICKED_DAYS = (1, 2, 4, 5, 7, 9, 10, 12)  # days ago
NOTES = (
    "Moves well; keep the pads one step lower.",
    "Asked about sitting at work: a break every 30 minutes.",
    "Sleeps better since the third week.",
)
PAIN_MOST_NRS = 10
SITTING_S, STANDS = (18.0, 16.5), 11  # seconds on one leg, left and right; stands in 30 s; design
WEEKLY_S, WEEKLY_STANDS = 0.8, 0.3  # gained a week; design
CAP_S = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes one person's papers; nothing of it changes a dose."""

    connection: Connection
    studio: DemoStudio
    patient: DemoPatient
    now_ms: int

    @property
    def patient_id(self) -> str:
        """Whose papers."""
        return patient_id(self.patient.code)

    @property
    def first_day_ms(self) -> int:
        """When the course began."""
        return first_day_ms(self.studio, self.now_ms)

    def write(self) -> None:
        """Write everything, in the order of its weeks."""
        self._joined()
        self._programme()
        for week in ASKED_WEEKS:
            if week < self.studio.weeks:
                self._asked(week)
        self._home()
        self._note()

    def _act(self, login: str, at_ms: int) -> Act:
        return acting(self.connection, login, at_ms)

    def _joined(self) -> None:
        """Keep what was signed and measured on the first day."""
        act = self._act("clinician", self.first_day_ms)
        for purpose, given in CONSENTS:
            stated = Consent(purpose=purpose, version=CONSENT_VERSION, given=given)
            health.consent(self.connection, self.patient_id, stated, act)
        more = self.patient.seed % 4  # so that not everybody has the same
        measured = Pressure(systolic_mmhg=118 + 6 * more, diastolic_mmhg=76 + 3 * more)
        done(health.measure_pressure(self.connection, self.patient_id, measured, act))

    def _programme(self) -> None:
        starts = datetime.fromtimestamp(self.first_day_ms / 1_000, UTC).astimezone(ZoneInfo(self.studio.zone))
        weeks = self.studio.weeks + AHEAD_WEEKS
        goals = [Goal(what="function", of="odi", target=10, week=weeks)]
        if self.patient.baseline_nrs > 1:
            goals.append(Goal(what="pain", of=None, target=self.patient.baseline_nrs // 2, week=weeks))
        new = NewProgramme(
            starts_day=starts.date(),
            weeks=weeks,
            visits_a_week=self.studio.visits_per_week,
            stations={self.patient.phase: self.patient.stations},
            goals=tuple(goals),
        )
        act = self._act("clinician", self.first_day_ms)
        done(programmes.start(self.connection, self.patient_id, new, act))

    def _asked(self, week: int) -> None:
        """Fill in the questionnaire and measure the tests of a week."""
        act = self._act("therapist", self.first_day_ms + week * WEEK_MS + EVENING_MS)
        place = (ORIGIN, act)
        form = instruments.forms()["odi"]
        troubled = round(self.patient.baseline_nrs * form.most / PAIN_MOST_NRS)
        points = max(troubled - (week > 0), 0)
        answers = {
            item.id: points if number % 2 else max(points - 1, 0) for number, item in enumerate(form.items)
        }
        done(telling.fill_in(self.connection, self.patient_id, (form, answers), place))
        left_s, right_s = (round(each + week * WEEKLY_S, 1) for each in SITTING_S)
        for entered in (
            Entered(test="single_leg_stand", left_s=left_s, right_s=right_s, cap_s=CAP_S),
            Entered(test="chair_stand", stands=round(STANDS + week * WEEKLY_STANDS)),
        ):
            done(functional.enter(self.connection, self.patient_id, entered, place))

    def _home(self) -> None:
        """Give exercises for home, and tick some of them off."""
        act = self._act("therapist", max(self.first_day_ms, self.now_ms - 3 * WEEK_MS))
        for exercise in EXERCISES:
            wish = HomeWish(exercise=exercise, times_a_week=TIMES_A_WEEK)
            done(care.prescribe(self.connection, self.patient_id, wish, (ORIGIN, act)))
        for number, exercise in enumerate(EXERCISES):
            for days in _kept(TICKED_DAYS, number):
                at = Act(by=self.patient_id, name=self.patient.name, at_ms=self.now_ms - days * DAY_MS)
                if at.at_ms > act.at_ms:
                    done(visits.tick(self.connection, self.patient_id, ("home", exercise), (ORIGIN, at)))

    def _note(self) -> None:
        body = NOTES[self.patient.seed % len(NOTES)]
        act = self._act("therapist", self.now_ms - 2 * DAY_MS)
        care.write(self.connection, self.patient_id, ("note", body), (ORIGIN, act))


def _kept(days: Sequence[int], number: int) -> Sequence[int]:
    """Take fewer days of each further exercise."""
    return days[:: number + 1]
