"""Sites."""

from http import HTTPStatus

from fastapi import APIRouter

from services.api.answering import act, done
from services.api.deps import Doing, Sight, SiteId
from services.api.problems import Refused
from services.api.schemas import Page
from services.api.schemas import places as bodies
from services.insights.units import at_or_none
from services.office import places
from services.store import sites as store

router = APIRouter(prefix="/v1/sites", tags=["sites"])


@router.get("")
def list_sites(sight: Sight) -> Page[bodies.Site]:
    """List the sites that the actor works at."""
    rows = store.listing(sight.connection, sight.actor.scope.sites)
    items = [
        bodies.Site(
            id=row.id,
            name=row.name,
            time_zone=row.time_zone,
            address=row.address,
            closed_at=at_or_none(row.closed_ms),
            advice=row.advice,
        )
        for row in rows
    ]
    return Page[bodies.Site](items=items)


@router.post("", status_code=HTTPStatus.CREATED)
def add_site(doing: Doing, body: bodies.NewSite) -> bodies.Site:
    """Add a site; only who manages every site may."""
    if doing.actor.scope.sites is not None:
        raise Refused(HTTPStatus.FORBIDDEN, "Only who manages every site adds one.")
    done(places.add(doing.connection, body.model_dump(), act(doing)))
    return bodies.Site(**body.model_dump(), closed_at=None, advice=False)


@router.patch("/{site_id}", status_code=HTTPStatus.NO_CONTENT)
def change_site(site_id: SiteId, doing: Doing, body: bodies.SiteChange) -> None:
    """Change name, time zone or address."""
    values = body.model_dump(exclude_none=True)
    done(places.change(doing.connection, site_id, values, act(doing)))


@router.post("/{site_id}/close", status_code=HTTPStatus.NO_CONTENT)
def close_site(site_id: SiteId, doing: Doing) -> None:
    """Close a site that nobody trains at any more."""
    done(places.close(doing.connection, site_id, act(doing)))


@router.post("/{site_id}/open", status_code=HTTPStatus.NO_CONTENT)
def open_site(site_id: SiteId, doing: Doing) -> None:
    """Open a closed site again."""
    done(places.open_again(doing.connection, site_id, act(doing)))
