"""Ask both APIs everything, as everybody: no answer crashes, is unlike its schema, or repeats the request."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any, Literal, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy
from schemathesis.python.asgi import get_client

from openspine.fuzz.api_cases import Asked, requests_of
from openspine.fuzz.api_served import bearer
from openspine.fuzz.api_stores import Stores, on_postgres, on_sqlite
from openspine.fuzz.api_tally import Tally, summary, told
from openspine.fuzz.api_targets import Target, targets

FRESH_EVERY = 200  # requests in one studio: then somebody has erased, archived or signed out everybody
ANSWER_S = 300.0  # a request that takes longer ends the run: it hangs
LEAST_SHARE = 10  # of the requests, one in so many at least is to the prescriber
LET_IN_OF = 100  # requests to an API: from here on a 2xx came of a quarter of its operations at least
Say = Callable[[str], None]
Database = Literal["sqlite", "postgres"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many requests, and of which operations: those with these words in method and path, each n-th."""

    cases: int
    seed: int = 1
    only: str = ""
    every: int = 1


def fuzz(cases: int, seed: int, say: Say, *, on: Database = "sqlite") -> dict[str, Any]:
    """Send `cases` requests to a studio of its own; the same seed sends the same."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="openspine-fuzz-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stores = stack.enter_context(on_postgres(folder) if on == "postgres" else on_sqlite(folder))
        return {"on": on} | fuzz_in(stores, Wish(cases=cases, seed=seed), say)


def fuzz_in(stores: Stores, wish: Wish, say: Say) -> dict[str, Any]:
    """Send requests to both APIs of this studio."""
    began_s = time.monotonic()
    asked = {name: (one, _chosen(one, wish)) for name, one in targets(stores).items()}
    cases = shared(wish.cases, {name: len(operations) for name, (_, operations) in asked.items()})
    tallies = {name: Tally() for name in asked if cases[name]}
    for name, tally in tallies.items():
        _ask_all(*asked[name], replace(wish, cases=cases[name]), tally, say)
        say(summary(name, tally))
    found = told(tallies)
    took_s = time.monotonic() - began_s
    return {
        "ok": not found["faults"] and all(_is_let_in(one) for one in found["by_api"].values()),
        **found,
        "seed": wish.seed,
        "took_s": round(took_s, 1),
        "per_s": round(found["cases"] / took_s),
    }


def _is_let_in(told_of: Mapping[str, Any]) -> bool:
    """Tell whether people came further than the door, where a refusal looks like any other."""
    is_enough = told_of["operations_done"] * 4 >= told_of["operations"]
    return bool(is_enough or told_of["cases"] < LET_IN_OF)


def shared(cases: int, operations: Mapping[str, int]) -> dict[str, int]:
    """Share requests by numbers of operations; the prescriber, which has few, gets a tenth at least."""
    few, all_of_them = operations["prescriber"], sum(operations.values())
    least = cases / LEAST_SHARE if few else 0
    prescriber = max(ceil(least), cases * few // max(all_of_them, 1))
    return {"service": cases - prescriber, "prescriber": prescriber}


def _chosen(target: Target, wish: Wish) -> list[Any]:
    named = [one for one in target.operations() if wish.only in one.label]
    return named[wish.seed % wish.every :: wish.every]


def _ask_all(target: Target, operations: list[Any], wish: Wish, tally: Tally, say: Say) -> None:
    """Go round all operations until enough was asked, so that each meets studios of all ages."""
    ways = {one.label: requests_of(one, target.studio, target.allowed(one), target.aim) for one in operations}
    target.renew()
    with get_client(cast("Any", target.app)) as client:

        def ask(asked: Asked) -> None:
            tally.add(asked, asked.case.call(session=client, headers=bearer(asked.token), timeout=ANSWER_S))
            if tally.cases % FRESH_EVERY == 0:
                target.renew()

        number = 0
        while ways and tally.cases < wish.cases:
            for label, way in ways.items():
                _draw(way, ask, min(target.round, wish.cases - tally.cases), f"{wish.seed}/{number}/{label}")
            number += 1
            say(f"{tally.cases} of {wish.cases} requests, {tally.faults.total()} faults")


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
