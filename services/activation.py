"""Who may act: the pair that ships, or one that has been in shadow long enough (design page 5)."""

from typing import Final

from sqlalchemy import Engine, inspect

from contract.messages import Origin
from ml import artifact
from ml.artifact import Card
from ml.effort.model import RULE_NAME
from ml.monitoring.shadow import not_proven
from ml.policies import FALLBACK, POLICIES
from services.insights.model import shadow_report
from services.settings import Settings
from services.store.engine import upgrade
from services.store.reading.model import shadows
from services.store.tables import shadow

REAL: Final[Origin] = "real"  # emulated people prove nothing, whatever the screens show


class ActivationRefusedError(Exception):
    """Why a policy or a model may not act here; one sentence."""


def refuse_unproven(settings: Settings, engine: Engine) -> None:
    """Raise ActivationRefusedError unless policy and model may act; a demo may try what it likes.

    What ships was judged before its release (`./studio evaluate`); a database is asked about others only.
    """
    if settings.policy not in POLICIES:
        raise ActivationRefusedError(f"there is no policy {settings.policy}; known: {', '.join(POLICIES)}")
    is_shipped = settings.policy == FALLBACK and settings.artifact is None
    if settings.demo or is_shipped:
        return
    if settings.migrate:
        upgrade(settings.database_url)
    why = _why_not(settings, engine)
    if why is not None:
        raise ActivationRefusedError(why)


def _why_not(settings: Settings, engine: Engine) -> str | None:
    card = artifact.read_card(settings.artifact or artifact.shipped())
    if not isinstance(card, Card) and settings.policy == FALLBACK:
        return None  # the rule will take the model's place, and staff will be told
    model = card.name if isinstance(card, Card) else RULE_NAME
    if not inspect(engine).has_table(shadow.name):
        return f"{settings.policy} with {model}: the database is not migrated"
    with engine.connect() as connection:
        rows = shadows(connection, REAL, settings.policy, model)
    reason = not_proven(shadow_report(rows), settings.shadow_least)
    return None if reason is None else f"{settings.policy} with {model} may not act: {reason}"
