"""What stands beside training: notes, exercises for home, questionnaires, tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note and who wrote it."""

    id: str
    kind: str
    body: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Notes, the newest first; `next` is the cursor of older ones."""

    items: tuple[Note, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """An exercise of the catalogue; `closed`: why this person may not be given it."""

    exercise: str
    group: str
    text_en: str
    text_zh: str
    steps_en: tuple[str, ...]
    steps_zh: tuple[str, ...]
    opens: str
    minutes: int
    hold_s: float
    reps: int
    sets: int
    rest_s: float
    sided: bool
    closed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercises:
    """The catalogue for home."""

    items: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeExercise:
    """An exercise for home, and how many days of the last fourteen it was ticked off."""

    id: str
    exercise: Exercise
    sets: int
    reps: int
    hold_s: float
    times_a_week: int
    since: datetime
    days_done: int
    days_expected: int
    adherence_pct: float | None
    done_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeExercises:
    """The exercises that hold."""

    items: tuple[HomeExercise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a questionnaire; its wording is on the studio's form."""

    id: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A questionnaire: `most` points an item, `least` items that must be answered."""

    instrument: str
    text_en: str
    text_zh: str
    most: int
    least: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A questionnaire that is asked for."""

    instrument: str
    week: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A questionnaire as it was answered; `week` None = between."""

    id: str
    instrument: str
    week: int | None
    score: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The change from the first to the last answer, against the minimal important change."""

    instrument: str
    verdict: str
    by: float | None
    needed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaires:
    """What is asked for, what was answered, and what it says."""

    due: tuple[Due, ...]
    items: tuple[Scored, ...]
    changes: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTest:
    """A test that waits for its session."""

    id: str
    kind: str
    test: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try of a test."""

    kind: str
    test: str
    side: str
    angle_deg: float
    peak_nm: float
    mean_3s_nm: float
    range_deg: float
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessments:
    """Tests that wait, and the tries of those that were done, the newest first."""

    waiting: tuple[AskedTest, ...]
    tries: tuple[Try, ...]


def list_notes(client: Client, patient: str, cursor: str | None = None) -> Notes | Failure:
    """Ask for the notes of staff about a person: the newest, or those behind a cursor."""
    behind = {} if cursor is None else {"cursor": cursor}
    return client.get(path("/v1/patients/{}/notes", patient), Notes, **behind)


def write_note(client: Client, patient: str, kind: str, body: str) -> Failure | None:
    """Write a note, or enter a massage."""
    where = path("/v1/patients/{}/notes", patient)
    return client.do(Order(path=where, body={"kind": kind, "body": body}))


def withdraw_note(client: Client, note: str) -> Failure | None:
    """Withdraw one's own note."""
    return client.do(Order(path=path("/v1/notes/{}/withdraw", note)))


def list_exercises(client: Client, patient: str) -> Exercises | Failure:
    """Ask for the catalogue of exercises for home, and why the person may not be given some."""
    return client.get(path("/v1/patients/{}/exercises", patient), Exercises)


def list_home_exercises(client: Client, patient: str) -> HomeExercises | Failure:
    """Ask for a person's exercises for home, and how they were kept."""
    return client.get(path("/v1/patients/{}/home-exercises", patient), HomeExercises)


def prescribe_exercise(client: Client, patient: str, wish: dict[str, Any]) -> Failure | None:
    """Give a person an exercise for home: `exercise`, `times_a_week`, and what differs from the catalogue."""
    return client.do(Order(path=path("/v1/patients/{}/home-exercises", patient), body=wish))


def end_exercise(client: Client, exercise: str) -> Failure | None:
    """End an exercise for home."""
    return client.do(Order(path=path("/v1/home-exercises/{}/end", exercise)))


def tick_neutral_spine(client: Client, patient: str, *, finds: bool) -> Failure | None:
    """Say whether the person finds a neutral spine."""
    return client.do(Order(path=path("/v1/patients/{}/neutral-spine", patient), body={"finds": finds}))


def read_questionnaire(client: Client, instrument: str) -> Form | Failure:
    """Ask for the items of a questionnaire."""
    return client.get(path("/v1/questionnaires/{}", instrument), Form)


def list_questionnaires(client: Client, patient: str) -> Questionnaires | Failure:
    """Ask which questionnaires are due, what was answered, and what the change means."""
    return client.get(path("/v1/patients/{}/questionnaires", patient), Questionnaires)


def fill_in_questionnaire(
    client: Client, patient: str, instrument: str, answers: dict[str, int]
) -> Failure | None:
    """Answer a questionnaire."""
    where = path("/v1/patients/{}/questionnaires/{}", patient, instrument)
    return client.do(Order(path=where, body={"answers": answers}))


def list_tests(client: Client, patient: str) -> Assessments | Failure:
    """Ask for the tests that wait, and the tries of those that were done."""
    return client.get(path("/v1/patients/{}/tests", patient), Assessments)


def order_test(client: Client, patient: str, kind: str, test: str) -> Failure | None:
    """Ask for a test in the next session on a kind of machine."""
    where = path("/v1/patients/{}/tests", patient)
    return client.do(Order(path=where, body={"kind": kind, "test": test}))


def cancel_test(client: Client, order: str) -> Failure | None:
    """Take back that a test was asked for."""
    return client.do(Order(path=path("/v1/test-orders/{}/cancel", order)))
