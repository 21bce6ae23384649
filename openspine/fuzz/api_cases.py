"""Requests that nobody would think of, aimed at things that are there."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from contract.machines import catalogue
from openspine.fuzz.api_studio import ROLES, SITE, Studio
from services.access import Role
from services.office import conditions, exercises, instruments

KNOWN_SHARE, BODY_SHARE = 0.85, 0.6  # of ids in paths, and of words in bodies, that name something
ALLOWED_SHARE, FRESH_SHARE = 0.75, 0.85  # of requests by roles that may, and with a fresh proof
PLANTED_SHARE = 0.3  # of requests with words that no answer may repeat
SECRET = "Zq7-fuzz-secret-9vX"  # noqa: S105 (what is planted; a secret of nobody)
WORDS: Mapping[str, Sequence[Any]] = {
    "kind": tuple(catalogue()),
    "station": (*catalogue(), *exercises.catalogue()),
    "into": (*catalogue(), *exercises.catalogue()),
    "exercise": tuple(exercises.catalogue()),
    "item": tuple(exercises.catalogue()),
    "condition": tuple(conditions.catalogue()),
    "instrument": tuple(instruments.forms()),
    "site": (SITE,),
    "version": (1, 2, 0),
}
NAMED_BY = {"patient": "patient_id", "staff": "staff_id", "thing_id": "patient_id"}  # in bodies and queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request and who sends it."""

    case: "Case[Any]"
    role: Role
    token: str


Aim = Callable[["Case[Any]", Random], None]


def no_aim(_case: "Case[Any]", _chance: Random) -> None:
    """Leave a request as it is."""


def requests_of(
    operation: Any, studio: Studio, allowed: Sequence[Role], aim: Aim = no_aim
) -> st.SearchStrategy[Asked]:
    """Draw requests of one operation: most fit its schema, some do not; every role sends them."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    both = [fitting, fitting]
    if operation.body or operation.query or operation.path_parameters:
        both.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    # Every row of draws begins with zero: without a turn the same person would always send it.
    turn = count()
    chance = st.integers(0, 2**32).map(lambda number: Random(f"{number}/{next(turn)}"))  # noqa: S311 (no secret)
    return st.builds(_aimed(studio, allowed, aim), st.one_of(both), chance)


def _aimed(studio: Studio, allowed: Sequence[Role], aim: Aim) -> "Callable[[Case[Any], Random], Asked]":
    words = dict(WORDS) | {name: studio.ids[by] for name, by in NAMED_BY.items()}

    def aimed(case: "Case[Any]", chance: Random) -> Asked:
        known = words | dict(studio.ids)
        case.path_parameters = {
            name: chance.choice(known[name]) if name in known and chance.random() < KNOWN_SHARE else value
            for name, value in (case.path_parameters or {}).items()
        }
        if isinstance(case.body, dict):
            case.body = _with_words(case.body, words, chance)
        aim(case, chance)
        if chance.random() < PLANTED_SHARE:
            _plant(case, chance)
        role = chance.choice(allowed if chance.random() < ALLOWED_SHARE else ROLES)
        stale, *fresh = studio.tokens[role]
        is_fresh = bool(fresh) and chance.random() < FRESH_SHARE
        return Asked(case=case, role=role, token=chance.choice(fresh) if is_fresh else stale)

    return aimed


def _with_words(value: Any, words: Mapping[str, Sequence[Any]], chance: Random) -> Any:
    """Put words that mean something into a body, wherever a field is called so."""
    if isinstance(value, list):
        return [_with_words(one, words, chance) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: chance.choice(words[name])
        if name in words and not isinstance(one, dict | list) and chance.random() < BODY_SHARE
        else _with_words(one, words, chance)
        for name, one in value.items()
    }


def _plant(case: "Case[Any]", chance: Random) -> None:
    """Hide words in a place that the schema does not ask for, or in one that it does."""
    where = chance.choice(("query", "header", "body", "field"))
    if where == "query":
        case.query = {**(case.query or {}), chance.choice(("x", "limit", "cursor", "origin", SECRET)): SECRET}
    elif where == "header":
        name = chance.choice(("X-Note", "Idempotency-Key", "Accept-Language", "If-Match", "Content-Type"))
        case.headers[name] = SECRET
    elif isinstance(case.body, dict):
        names = list(case.body) if where == "field" and case.body else [SECRET]
        planted: dict[str, Any] = {
            **case.body,
            chance.choice(names): chance.choice((SECRET, [SECRET], {SECRET: SECRET})),
        }
        case.body = planted


def shown(asked: Asked) -> str:
    """Write a request as one line for whoever wants to send it again."""
    case = asked.case
    body = repr(case.body)[:300] if case.body else ""
    query = json.dumps(dict(case.query or {}), default=str)[:200]
    return f"{asked.role}: {case.method} {case.formatted_path} {query} {body}"
