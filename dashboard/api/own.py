"""What a person asks and tells about themselves: what comes next, answers, ticks, the own language."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One place of the next visit; a machine is named by its kind, a guided station by its text."""

    station: str
    guided: bool
    minutes: int
    text_en: str | None
    text_zh: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVisit:
    """The next visit that is booked."""

    starts_at: datetime
    minutes: int
    site: str
    stations: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The morning after the last visit; `settled`: no worse than usual, `open`: it may still be answered."""

    visit_at: datetime
    nrs: int | None
    settled: bool | None
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a clinician must look at before the person trains; `closes` nothing named: every machine."""

    code: str
    text_en: str
    text_zh: str
    emergency: bool
    closes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What comes next for a person."""

    visit: NextVisit | None
    morning: Morning | None
    waiting: tuple[Waiting, ...]


def read_outlook(client: Client, patient: str) -> Outlook | Failure:
    """Ask what comes next for one person."""
    return client.get(path("/v1/patients/{}/outlook", patient), Outlook)


def answer_morning(client: Client, patient: str, nrs: int) -> Failure | None:
    """Say how the pain was on the morning after the last visit (0-10); the first answer counts."""
    body = {"question": "pain_next_morning", "value": nrs}
    return client.do(Order(path=path("/v1/patients/{}/answers", patient), body=body))


def tick_off(client: Client, patient: str, exercise: str) -> Failure | None:
    """Tick an exercise for home off for today; twice counts once."""
    body = {"source": "home", "item": exercise}
    return client.do(Order(path=path("/v1/patients/{}/ticks", patient), body=body))


def set_language(client: Client, patient: str, language: str) -> Failure | None:
    """Choose the language of machine screens, of reports and of one's own pages."""
    where = path("/v1/patients/{}/language", patient)
    return client.do(Order(path=where, method="PUT", body={"language": language}))
