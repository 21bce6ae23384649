"""One search box over people, machines, sites, alerts that are not resolved, and sessions of a day."""

from typing import Annotated

from fastapi import APIRouter, Query

from contract.messages.vocabulary import PLAIN_TEXT
from services.access import Kind, may
from services.api.context import Here
from services.api.deps import Sight, View
from services.api.schemas import Page
from services.api.schemas import programmes as bodies
from services.insights import search
from services.store.reading import inbox, names, operations
from services.store.reading import search as store

router = APIRouter(prefix="/v1", tags=["search"])
Asked = Annotated[
    str,
    Query(
        min_length=1,
        max_length=64,
        pattern=PLAIN_TEXT,
        description="part of a name, code or id, or a day such as 2026-11-18",
    ),
]


@router.get("/search", response_model=Page[bodies.Found])
def search_everything(sight: Sight, here: Here, q: Asked) -> dict[str, object]:
    """Find what the actor may see, the best first, 20 at most."""
    zone = operations.studio_zone(sight.connection) or here.identity.zone
    return {"items": search.best(q, _candidates(sight, search.day_asked(q, zone)))}


def _candidates(sight: View, span_ms: tuple[int, int] | None) -> search.Candidates:
    where, origin, scope = sight.connection, sight.origin, sight.actor.scope
    is_day = span_ms is not None and _may(sight, "session")
    return search.Candidates(
        people=names.everybody(where, origin, scope) if _may(sight, "patient") else (),
        machines=store.machines(where, origin, scope) if _may(sight, "machine") else (),
        sites=store.sites(where, scope) if _may(sight, "site") else (),
        alerts=inbox.heads(where, origin, scope.sites, sight.now_ms) if _may(sight, "alert") else (),
        sessions=store.sessions(where, origin, scope, span_ms, search.FOUND_MOST)
        if is_day and span_ms
        else (),
    )


def _may(sight: View, kind: Kind) -> bool:
    return may(sight.actor.role, "read", kind)
