"""Every route that changes something leads to an entry of the audit; whoever adds one without says why here.

Read off the code that a route may run, so that none is forgotten; that the entry is written, and what
it says, is for the tests of each route.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pkgutil import resolve_name
from types import FunctionType, ModuleType
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from services.office import letters
from services.store import audit, dead_letters

WRITING = frozenset(("POST", "PUT", "PATCH", "DELETE"))
LEAVES_NONE = {
    "sign_out": "ends one's own sign-in",
    "sign_out_everywhere": "ends one's own sign-ins",
}
Route = Callable[..., Any]


def leads_to(route: Route, goal: Route, passed: set[Route] | None = None) -> bool:
    """Tell whether a function of the service may come to call another one, by what its code names."""
    passed = set() if passed is None else passed
    found = inspect.unwrap(route)
    if found is goal:
        return True
    if not isinstance(found, FunctionType) or not found.__module__.startswith("services.") or found in passed:
        return False
    passed.add(found)
    return any(leads_to(one, goal, passed) for one in _named_in(found))


def _named_in(function: FunctionType) -> Iterator[Route]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    known = dict(function.__globals__)
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom) and one.module is not None:  # where it is needed
            known |= {
                name.asname or name.name: resolve_name(f"{one.module}.{name.name}") for name in one.names
            }
    for one in ast.walk(tree):
        if isinstance(one, ast.Name | ast.Attribute) and callable(found := _meant(one, known)):
            yield found


def _meant(named: ast.AST, known: dict[str, Any]) -> Any:
    """Find what a name, or a name of a module, means; None for what is known only when it runs."""
    if isinstance(named, ast.Name):
        return known.get(named.id)
    if isinstance(named, ast.Attribute):
        module = _meant(named.value, known)
        return getattr(module, named.attr, None) if isinstance(module, ModuleType) else None
    return None


def routes(served: Any, *, writing: bool) -> dict[str, Route]:
    listed = iter_route_contexts(served.app.routes)
    return {
        str(one.name): one.endpoint
        for one in listed
        if one.endpoint is not None and bool(WRITING & set(one.methods or ())) is writing
    }


def test_every_route_that_writes_leads_to_an_entry(served: Any) -> None:
    found = routes(served, writing=True)
    silent = {name for name, route in found.items() if not leads_to(route, audit.record)}
    assert silent == set(LEAVES_NONE)
    assert len(found) > 80


def test_what_only_reads_leads_to_none(served: Any) -> None:
    """The negative control: not everything leads everywhere."""
    found = {name for name, route in routes(served, writing=False).items() if leads_to(route, audit.record)}
    assert found == {"read_everything"}  # what leaves as a whole has an entry of its own


def test_a_change_beside_the_office_is_seen(monkeypatch: pytest.MonkeyPatch, served: Any) -> None:
    requeue = routes(served, writing=True)["requeue_dead_letter"]
    assert leads_to(requeue, audit.record)
    monkeypatch.setattr(letters, "requeue", dead_letters.ask_again)
    assert not leads_to(requeue, audit.record)
