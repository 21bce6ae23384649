"""The alert inbox, and what staff do with an alert."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from contract.messages.vocabulary import UUID_PATTERN
from services.api import cursors
from services.api.answering import act, done
from services.api.deps import Doing, Sight
from services.api.schemas.inbox import (
    AlertPage,
    AssignWish,
    Colleagues,
    Inbox,
    MuteWish,
    ResolveWish,
    Waiting,
)
from services.insights import inbox as insight
from services.office import alerting
from services.store.reading import inbox as store
from services.store.reading import staff
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])
AlertId = Annotated[str, Path(pattern=UUID_PATTERN)]


@router.get("", response_model=Inbox)
def list_alerts(sight: Sight, which: Annotated[AlertPage, Query()]) -> insight.Inbox:
    """List alerts in groups, 500 a page, the newest first; muted ones only when they are asked for."""
    last = cursors.decode(which.cursor, Moment)
    place = (sight.connection, sight.origin, sight.actor.scope.sites)
    wanted = store.Wanted(**which.model_dump(exclude={"cursor"}))
    found = store.listing(*place, wanted, sight.now_ms, last)
    raised = store.raised(*place, insight.counted_since(sight.now_ms))
    following = store.following(found)
    return insight.inbox(
        found,
        sight.now_ms,
        raised,
        whole=wanted.names,
        following=None if following is None else cursors.encode(following),
    )


@router.get("/waiting", response_model=Waiting)
def count_alerts(sight: Sight) -> insight.Waiting:
    """Count the alerts that nobody has acknowledged; cheap enough for every screen."""
    found = store.unseen(sight.connection, sight.origin, sight.actor.scope.sites, sight.now_ms)
    return insight.waiting(found, sight.now_ms)


@router.get("/colleagues", response_model=Colleagues)
def list_colleagues(sight: Sight) -> dict[str, object]:
    """List who may take an alert, by name."""
    found = staff.in_care(sight.connection, sight.actor.scope.sites)
    items = [{"id": row.id, "name": row.name} for row in found]
    return {"items": sorted(items, key=lambda one: (one["name"].casefold(), one["id"]))}


@router.post("/{alert_id}/acknowledge", status_code=204)
def acknowledge_alert(alert_id: AlertId, doing: Doing) -> None:
    """Say that somebody is on it."""
    done(alerting.acknowledge(doing.connection, alert_id, act(doing)))


@router.post("/{alert_id}/assign", status_code=204)
def assign_alert(alert_id: AlertId, wish: AssignWish, doing: Doing) -> None:
    """Hand it to somebody of the staff, or take it."""
    done(alerting.assign(doing.connection, alert_id, wish.staff, act(doing)))


@router.post("/{alert_id}/mute", status_code=204)
def mute_alert(alert_id: AlertId, wish: MuteWish, doing: Doing) -> None:
    """Hide it until a moment within a week."""
    until_ms = round(wish.until.timestamp() * 1_000)
    done(alerting.mute(doing.connection, alert_id, until_ms, act(doing)))


@router.post("/{alert_id}/resolve", status_code=204)
def resolve_alert(alert_id: AlertId, doing: Doing, wish: ResolveWish | None = None) -> None:
    """Say that its cause is gone, and in a word how."""
    why = (wish or ResolveWish()).why
    done(alerting.resolve(doing.connection, alert_id, why, act(doing)))


@router.post("/{alert_id}/undo", status_code=204)
def undo_alert(alert_id: AlertId, doing: Doing) -> None:
    """Take one's own last act back."""
    done(alerting.undo(doing.connection, alert_id, act(doing)))
