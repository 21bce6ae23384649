"""Dead letters, and who this service is."""

from http import HTTPStatus

from fastapi import APIRouter

from services.api import cursors
from services.api.answering import act, done
from services.api.context import Here
from services.api.deps import PAGE_USUAL, Cursor, Doing, LetterId, Limit, Sight
from services.api.schemas import About, DeadLetter, Page, Reason
from services.insights import operations, reasons
from services.office import letters
from services.store.reading import alerts
from services.store.reading import operations as store
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1", tags=["operations"])


@router.get("/about")
def read_about(here: Here, sight: Sight) -> About:
    """Say who answers."""
    identity = here.identity
    is_somebody = sight.actor.role != "anonymous"
    open_alerts = alerts.of_studio(sight.connection, sight.origin) if is_somebody else ()
    return About(
        name="OpenSpine",
        version=identity.version,
        demo=identity.demo,
        zone=store.studio_zone(sight.connection) or identity.zone,
        origin=identity.origin,
        policy=identity.policy,
        model=here.model_name(),
        attention=[Reason.model_validate(one) for one in reasons.of_alerts(open_alerts)],
        sign_in=identity.sign_in,
    )


@router.get("/dead-letters", response_model=Page[DeadLetter])
def list_dead_letters(sight: Sight, limit: Limit = PAGE_USUAL, cursor: Cursor = None) -> dict[str, object]:
    """List the messages that could not be read or stored, newest first, with the reason."""
    before = cursors.decode(cursor, Moment)
    found = store.dead_letters(sight.connection, sight.origin, before, limit + 1, sight.actor.scope)
    shown, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.received_ms, id=row.id))
    return {"items": operations.dead_letters(shown), "next": following}


@router.post("/dead-letters/{letter_id}/requeue", status_code=HTTPStatus.ACCEPTED)
def requeue_dead_letter(letter_id: LetterId, doing: Doing) -> None:
    """Have a message tried again; the list tells within a moment whether it was taken."""
    done(letters.requeue(doing.connection, letter_id, act(doing)))
