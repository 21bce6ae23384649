"""Decides logged requests again and compares byte for byte: what was decided once must be decided again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import msgspec

from ml import artifact, runner
from ml.effort.model import EffortModel

DIFFERENCES_MOST = 12  # places named of the first decision that differs
SHOWN_MOST = 60  # characters of a value in a difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One decision as it was logged: its id and the exact bytes of question and answer."""

    id: str
    request: bytes
    answer: bytes
    software: str = ""  # the version that decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """A decision that does not come out again, and where."""

    id: str
    software: str
    places: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many came out again; `refused` counts by reason what this model may not be compared with."""

    equal: int = 0
    different: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    first: Different | None = None

    @property
    def decisions(self) -> int:
        """Count everything that was asked for."""
        return self.equal + self.different + self.refused.total()


def redecide(logged: Iterable[Logged], models: Callable[[], EffortModel] = artifact.default) -> Tally:
    """Decide every logged request again; another artifact than the one that decided is refused."""
    tally = Tally()
    for one in logged:
        answer = runner.decide(one.request, models)
        if answer == one.answer:
            tally.equal += 1
        elif answer.startswith(runner.REFUSAL):
            tally.refused[msgspec.json.decode(answer)["refused"]] += 1
        else:
            tally.different += 1
            tally.first = tally.first or Different(
                id=one.id, software=one.software, places=differences(one.answer, answer)
            )
    return tally


def differences(logged: bytes, now: bytes) -> tuple[str, ...]:
    """Name the places at which two answers differ: `rows[0].load_g: logged 12000, now 12100`."""
    try:
        before, after = msgspec.json.decode(logged), msgspec.json.decode(now)
    except msgspec.DecodeError as problem:
        return (f"the logged answer is not JSON: {problem}",)
    found = list(_walk("", before, after))
    if not found:
        return ("same values, other bytes",)
    more = len(found) - DIFFERENCES_MOST
    return (*found[:DIFFERENCES_MOST], *((f"and {more} more",) if more > 0 else ()))


def _walk(path: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _walk(f"{path}.{key}" if path else key, before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for index, (one, other) in enumerate(zip_longest(before, after)):
            yield from _walk(f"{path}[{index}]", one, other)
    elif before != after:
        yield f"{path}: logged {_shown(before)}, now {_shown(after)}"


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]}..."
