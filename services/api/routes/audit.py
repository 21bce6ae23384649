"""The audit, for auditors."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from contract.messages.vocabulary import PLAIN_TEXT
from services.api import cursors
from services.api.deps import PAGE_USUAL, Cursor, Limit, Sight
from services.api.problems import Refused
from services.api.schemas import Page
from services.api.schemas.audit import AuditEntry
from services.insights import audit
from services.store.reading import audit as store
from services.store.reading.audit import Wanted
from services.store.reading.keyset import Numbered

router = APIRouter(prefix="/v1", tags=["audit"])

ActorFilter = Annotated[
    str | None, Query(pattern=PLAIN_TEXT, max_length=64, description="only what this one did")
]
ActionFilter = Annotated[
    str | None, Query(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=64, description="only this, as noun.verb")
]
ThingFilter = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9*_.:-]{1,64}$", description="only what was done to this")
]


@router.get("/audit", response_model=Page[AuditEntry])
def list_audit(
    sight: Sight,
    actor: ActorFilter = None,
    action: ActionFilter = None,
    thing_id: ThingFilter = None,
    limit: Limit = PAGE_USUAL,
    cursor: Cursor = None,
) -> dict[str, object]:
    """List who did what, newest first."""
    if sight.actor.scope.sites is not None:  # of an account from before auditors were of every site
        raise Refused(HTTPStatus.FORBIDDEN, "The audit is of every site, and your role is not.")
    wanted = Wanted(actor=actor, action=action, thing_id=thing_id)
    found = store.page(sight.connection, wanted, cursors.decode(cursor, Numbered), limit + 1)
    shown, following = cursors.split(found, limit, lambda row: Numbered(id=row.id))
    return {"items": audit.entries(shown), "next": following}
