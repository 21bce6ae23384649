"""One search box: what fits best comes first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from heapq import nsmallest
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.insights import reasons
from services.insights.units import MS, at
from services.store.reading.keyset import Rows
from services.store.reading.names import BETWEEN, Named, folded

FOUND_MOST = 20
EXACT, BEGINS, WORD_BEGINS, CONTAINS = range(4)
What = Literal["patient", "machine", "site", "session", "alert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that fits; `hint` tells it from others of the same name; `patient`: whose it is."""

    what: What
    id: str
    name: str
    hint: str
    active: bool = True
    patient: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """All that the actor may see, by what it is."""

    people: Sequence[Named] = ()
    machines: Rows = ()
    sites: Rows = ()
    sessions: Rows = ()
    alerts: Rows = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How one kind of candidates is looked through, ranked, and shown."""

    texts: Callable[[Any], str]
    name: Callable[[Any], str]
    is_gone: Callable[[Any], bool]
    is_last: bool = False
    shown: Callable[[Any], Found]


_Place = tuple[int, bool, str, bool, str]  # how well it fits, gone, name, last of its name, id


def best(asked: str, candidates: Candidates) -> tuple[Found, ...]:
    """Rank what fits: exact before beginning before word before part; who is active before who is not."""
    named = chain(
        _fitting(asked, candidates.people, PERSON),
        _fitting(asked, candidates.machines, MACHINE),
        _fitting(asked, candidates.sites, SITE),
        _fitting(asked, candidates.alerts, ALERT),
    )
    shown = [_session(row) for row in candidates.sessions]
    # Hundreds may fit: only what is shown is made ready for it.
    shown += [kind.shown(row) for _, kind, row in nsmallest(FOUND_MOST, named, key=itemgetter(0))]
    return tuple(shown[:FOUND_MOST])


def day_asked(asked: str, zone: str) -> tuple[int, int] | None:
    """Read a date (2026-11-18) as the span of that day in a time zone (Unix ms); None when it is none."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    ends = (datetime(one.year, one.month, one.day, tzinfo=ZoneInfo(zone)) for one in (day, _next(day)))
    first, last = (int(one.timestamp() * MS) for one in ends)
    return first, last


def fit(asked: str, text: str) -> int | None:
    """Say how well a text fits, 0 = exactly; None when it does not."""
    return _fit(asked.casefold().strip(), text.casefold())


def _fit(wanted: str, given: str) -> int | None:
    if wanted not in given:
        return None
    if given == wanted:
        return EXACT
    if given.startswith(wanted):
        return BEGINS
    words = given.replace("-", " ").split()
    return WORD_BEGINS if any(word.startswith(wanted) for word in words) else CONTAINS


def _fitting(asked: str, rows: Iterable[Any], kind: _Kind) -> Iterator[tuple[_Place, _Kind, Any]]:
    """Give each row that fits its place: who is active is before who is not, what is theirs behind them."""
    wanted, texts = asked.casefold().strip(), kind.texts
    for row in rows:
        given = texts(row)
        if wanted not in given:
            continue  # most of ten thousand people
        fits = [found for text in given.split(BETWEEN) if (found := _fit(wanted, text)) is not None]
        if fits:
            place = (min(fits), kind.is_gone(row), kind.name(row).casefold(), kind.is_last, row.id)
            yield place, kind, row


def _patient(row: Any) -> Found:
    return Found(what="patient", id=row.id, name=row.name, hint=row.code, active=row.archived_ms is None)


def _machine(row: Any) -> Found:
    return Found(what="machine", id=row.id, name=row.name, hint=row.kind, active=not row.retired)


def _site(row: Any) -> Found:
    return Found(what="site", id=row.id, name=row.name, hint=row.id)


def _session(row: Any) -> Found:
    return Found(
        what="session",
        id=row.id,
        name=row.name,
        hint=row.kind or "",
        patient=row.patient_id,
        at=at(row.opened_ms),
    )


@cache
def _said(code: str) -> str:
    said = reasons.of_code(code)
    return folded(said.text_en, said.text_zh)


def _words(alert: Any) -> str:
    """Put together what an alert is found by: whose it is, and what it says in both languages."""
    return f"{folded(alert.name or alert.machine_name or '')}{BETWEEN}{_said(alert.code)}"


def _about(alert: Any) -> str:
    return alert.name or alert.machine_name or alert.machine or ""


def _alert(row: Any) -> Found:
    return Found(
        what="alert",
        id=row.id,
        name=_about(row),
        hint=row.code,
        patient=row.patient_id,
        at=at(row.raised_ms),
    )


def _next(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _never(_row: Any) -> bool:
    return False


def _by_id_and_name(row: Any) -> str:
    return folded(row.id, row.name)


NAME = attrgetter("name")
PERSON = _Kind(
    texts=attrgetter("folded"), name=NAME, is_gone=lambda row: row.archived_ms is not None, shown=_patient
)
MACHINE = _Kind(texts=_by_id_and_name, name=NAME, is_gone=attrgetter("retired"), shown=_machine)
SITE = _Kind(texts=_by_id_and_name, name=NAME, is_gone=_never, shown=_site)
ALERT = _Kind(texts=_words, name=_about, is_gone=_never, is_last=True, shown=_alert)
