"""Ask the API everything, as everybody: no answer crashes, is unlike its schema, or repeats what was sent."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, cast

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.python.asgi import get_client

from openspine.fuzz.api_cases import Asked, requests_of, shown
from openspine.fuzz.api_judge import faults
from openspine.fuzz.api_served import bearer, served
from openspine.fuzz.api_stores import Stores, on_postgres, on_sqlite
from services.api.__main__ import description
from services.store.reads import ReadLog

FRESH_EVERY = 200  # requests in one studio: then somebody has erased, archived or signed out everybody
SHOWN = 20
ANSWER_S = 300.0  # a request that takes longer ends the run: it hangs
ROUND = 25  # requests of one operation in a row
Say = Callable[[str], None]
Database = Literal["sqlite", "postgres"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many requests, and of which operations: those with these words in method and path, each n-th."""

    cases: int
    seed: int = 1
    only: str = ""
    every: int = 1


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the requests."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)  # operations that were answered with a 2xx
    asked: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def add(self, asked: Asked, answer: Response) -> None:
        """Judge an answer and count it."""
        label = asked.case.operation.label
        self.cases += 1
        self.asked.add(label)
        self.statuses[answer.status_code] += 1
        self.by_role[asked.role] += 1
        if answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            self.done.add(label)
        for fault in faults(asked, answer):
            self.faults[f"{label}: {fault.splitlines()[0][:120]}"] += 1
            if len(self.findings) < SHOWN:
                self.findings.append(f"{fault} | {shown(asked)} | {answer.status_code} {answer.text[:300]}")


def fuzz(cases: int, seed: int, say: Say, *, on: Database = "sqlite") -> dict[str, Any]:
    """Send `cases` requests to a studio of its own; the same seed sends the same."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="openspine-fuzz-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stores = stack.enter_context(on_postgres(folder) if on == "postgres" else on_sqlite(folder))
        return {"on": on} | fuzz_in(stores, Wish(cases=cases, seed=seed), say)


def fuzz_in(stores: Stores, wish: Wish, say: Say) -> dict[str, Any]:
    """Send requests to this studio."""
    began_s = time.monotonic()
    tally = Tally()
    _ask_all(stores, wish, tally, say)
    took_s = time.monotonic() - began_s
    return {
        "ok": not tally.faults,
        "cases": tally.cases,
        "operations": len(tally.asked),
        "operations_done": len(tally.done),
        "by_role": dict(sorted(tally.by_role.items())),
        "statuses": {str(one): count for one, count in sorted(tally.statuses.items())},
        "crashes": sum(count for status, count in tally.statuses.items() if status >= 500),
        "faults": dict(tally.faults.most_common()),
        "findings": tally.findings,
        "seed": wish.seed,
        "took_s": round(took_s, 1),
        "per_s": round(tally.cases / took_s),
    }


def _ask_all(stores: Stores, wish: Wish, tally: Tally, say: Say) -> None:
    """Go round all operations until enough was asked, so that each meets studios of all ages."""
    app = served(stores.fresh(), stores.keys)
    schema = schemathesis.openapi.from_dict(_described())
    schema.app = app
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    chosen = [one for one in operations if wish.only in one.label][wish.seed % wish.every :: wish.every]
    ways = {one.label: requests_of(one, stores.studio) for one in chosen}
    with get_client(cast("Any", app)) as client:

        def ask(asked: Asked) -> None:
            if tally.cases % FRESH_EVERY == 0:
                app.state.context = replace(app.state.context, reads=ReadLog(stores.fresh()))
            tally.add(asked, asked.case.call(session=client, headers=bearer(asked.token), timeout=ANSWER_S))

        number = 0
        while tally.cases < wish.cases:
            for label, way in ways.items():
                _draw(way, ask, min(ROUND, wish.cases - tally.cases), f"{wish.seed}/{number}/{label}")
            number += 1
            say(f"{tally.cases} of {wish.cases} requests, {tally.faults.total()} faults")


@cache
def _described() -> dict[str, Any]:
    return description()


def _draw(way: SearchStrategy[Asked], ask: Callable[[Asked], None], most: int, named: str) -> None:
    if most <= 0:
        return

    @seeded(int.from_bytes(sha256(named.encode()).digest()[:6]))
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(way)
    def draw(asked: Asked) -> None:
        ask(asked)

    draw()
