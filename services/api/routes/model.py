"""How the model does: the page of whoever answers for it."""

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from contract.messages import Origin
from ml.artifact import Refused
from services.access import Scope
from services.api.admission import Admitted, AskedOrigin
from services.api.context import Context, Here
from services.api.schemas.model import ModelInUse
from services.api.shared import Drawn, Moment, weak_version
from services.insights import model
from services.insights.units import at
from services.store import fence, monitoring
from services.store.reading import model as store

router = APIRouter(prefix="/v1", tags=["operations"])


@router.get("/model", response_model=ModelInUse)
def read_model(here: Here, origin: AskedOrigin, who: Admitted) -> Response:
    """Say who decides, how far its inputs and promises have drifted, who overrode it, and who shadows it.

    At most a minute old, for all who may see the same; `as_of` says when it was worked out.
    """
    drawn = here.sums.get(
        (origin, who.scope, *_deciders(here)),
        lambda: Moment(at_ms=here.now_ms(), changes=0),
        lambda: _draw(here, origin, who.scope),
    )
    return Response(drawn.body, media_type="application/json")


def _deciders(here: Context) -> tuple[str | int | None, ...]:
    """Name who decides and who shadows: another one is told of at once."""
    deciding = here.deciding()
    first, other = deciding.champion, deciding.challenger
    champion = (None, None) if first is None else (first.refused, first.signed_by)
    refused = other.reason if isinstance(other, Refused) else None
    return here.identity.policy, here.model_name(), *champion, refused, deciding.shadow_least


def _draw(here: Context, origin: Origin, scope: Scope) -> Drawn:
    """Read the store in a scope and sum it up."""
    with here.engine.connect() as connection:
        fence.narrow(connection, scope)
        found = ModelInUse.model_validate(_in_use(here, connection, origin, scope))
    body = found.model_dump_json(by_alias=True)
    return Drawn(body=body.encode(), version=weak_version(body))


def _in_use(here: Context, connection: Connection, origin: Origin, scope: Scope) -> dict[str, object]:
    deciding, now_ms = here.deciding(), here.now_ms()
    first, other = deciding.champion, deciding.challenger
    card, name, since_ms = first.card if first else None, here.model_name(), model.since_ms(now_ms)
    return {
        "as_of": at(now_ms),
        "policy": here.identity.policy,
        "model": name if first else None,
        "signed_by": first.signed_by if first else None,
        "refused": (first.refused or None) if first else None,
        "card": model.card_of(card),
        "waiting": monitoring.length(connection),
        "drift": model.drift_of(card, store.newest_sets(connection, origin, name)),
        "overrides": model.overrides(store.overrides(connection, origin, since_ms, scope)),
        "limit_changes": model.limit_changes(store.limit_changes(connection, origin, since_ms)),
        "challenger_refused": other.reason if isinstance(other, Refused) else None,
        "shadow": _shadows(connection, origin, deciding.shadow_least),
    }


def _shadows(connection: Connection, origin: Origin, least: int) -> list[model.InShadow]:
    return [
        model.in_shadow(
            row.policy, row.model, store.shadows(connection, origin, row.policy, row.model), least
        )
        for row in store.challengers(connection, origin)
    ]
