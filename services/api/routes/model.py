"""How the model does: the page of whoever answers for it."""

from fastapi import APIRouter

from ml.artifact import Refused
from services.api.context import Here
from services.api.deps import Sight, View
from services.api.schemas.model import ModelInUse
from services.insights import model
from services.store import monitoring
from services.store.reading import model as store

router = APIRouter(prefix="/v1", tags=["operations"])


@router.get("/model", response_model=ModelInUse)
def read_model(here: Here, sight: Sight) -> dict[str, object]:
    """Say who decides, how far its inputs and promises have drifted, who overrode it, and who shadows it."""
    deciding = here.deciding()
    first, other = deciding.champion, deciding.challenger
    name = here.model_name()
    since_ms = model.since_ms(sight.now_ms)
    return {
        "policy": here.identity.policy,
        "model": name if first else None,
        "signed_by": first.signed_by if first else None,
        "refused": (first.refused or None) if first else None,
        "card": model.card_of(first.card) if first else None,
        "waiting": monitoring.length(sight.connection),
        "drift": model.drift_of(
            first.card if first else None, store.newest_sets(sight.connection, sight.origin, name)
        ),
        "overrides": model.overrides(
            store.overrides(sight.connection, sight.origin, since_ms, sight.actor.scope)
        ),
        "limit_changes": model.limit_changes(store.limit_changes(sight.connection, sight.origin, since_ms)),
        "challenger_refused": other.reason if isinstance(other, Refused) else None,
        "shadow": _shadows(sight, deciding.shadow_least),
    }


def _shadows(sight: View, least: int) -> list[model.InShadow]:
    return [
        model.in_shadow(
            row.policy,
            row.model,
            store.shadows(sight.connection, sight.origin, row.policy, row.model),
            least,
        )
        for row in store.challengers(sight.connection, sight.origin)
    ]
