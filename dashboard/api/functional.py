"""Standing on one leg and rising from a chair: what is due, how it stands, and entering it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published figure of people of that age and sex: `least` (fewer is below average) or a `mean`."""

    measure: str
    value: float
    from_years: int
    to_years: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest figure of a test and side (s, or stands), its change since the first one."""

    test: str
    side: str
    value: float
    at_cap: bool
    at: datetime
    first_at: datetime | None
    verdict: str
    change: float | None
    needed: float | None
    published: Published | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A test that is to be measured."""

    test: str
    week: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A test as it was entered."""

    id: str
    test: str
    week: int | None
    left_s: float | None
    right_s: float | None
    cap_s: int | None
    stands: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalTests:
    """What is due, how it stands by test and side, and what was entered, the newest first."""

    due: tuple[Due, ...]
    standings: tuple[Standing, ...]
    items: tuple[Entry, ...]


def list_functional_tests(client: Client, patient: str) -> FunctionalTests | Failure:
    """Ask for standing on one leg and rising from a chair."""
    return client.get(path("/v1/patients/{}/functional-tests", patient), FunctionalTests)


def enter_functional_test(client: Client, patient: str, measured: dict[str, Any]) -> Failure | None:
    """Enter a test: `test`, and `left_s`, `right_s`, `cap_s` or `stands`."""
    return client.do(Order(path=path("/v1/patients/{}/functional-tests", patient), body=measured))


def withdraw_functional_test(client: Client, entry: str) -> Failure | None:
    """Withdraw a test that was entered by mistake."""
    return client.do(Order(path=path("/v1/functional-tests/{}/withdraw", entry)))
