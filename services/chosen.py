"""Who decides, and who decides in its shadow: policy and effort model as the settings name them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ml import artifact
from ml.adjust import adjust_many
from ml.artifact import Card, Opened, Refused, Terms
from ml.decision import Decision
from ml.effort.model import EffortModel, RuleEffort
from ml.policies import POLICIES
from ml.request import Request
from services.keys.model import vouching
from services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A policy with its effort model; `refused` says why the model that was meant is not the one in use."""

    policy: str
    effort: EffortModel
    card: Card | None = None  # None: the rule
    signed_by: str | None = None  # None: nobody vouches for it
    refused: str = ""

    @property
    def adjust(self) -> Callable[[Sequence[Request]], Sequence[Decision]]:
        """Decide many requests."""
        return partial(adjust_many, effort=self.effort)


def champion(settings: Settings) -> Chosen:
    """Open who decides; when the model is refused, the rule takes its place."""
    found = (
        artifact.open_shipped()
        if settings.artifact is None
        else artifact.open_artifact(settings.artifact, _terms(settings))
    )
    return _chosen(settings.policy, found)


def challenger(settings: Settings, first: Chosen) -> Chosen | Refused | None:
    """Open who decides in the shadow of the champion; None when nobody is named, a reason when it cannot."""
    if settings.shadow_policy is None and settings.shadow_artifact is None:
        return None
    policy = settings.shadow_policy or settings.policy
    if policy not in POLICIES:
        return Refused(reason=f"there is no policy {policy}")
    if settings.shadow_artifact is None:
        return Chosen(policy=policy, effort=first.effort, card=first.card, signed_by=first.signed_by)
    found = artifact.open_artifact(settings.shadow_artifact, _terms(settings))
    return found if isinstance(found, Refused) else _chosen(policy, found)


def _chosen(policy: str, found: Opened | Refused) -> Chosen:
    if isinstance(found, Refused):
        return Chosen(policy=policy, effort=RuleEffort(), refused=found.reason)
    return Chosen(policy=policy, effort=found.effort, card=found.card, signed_by=found.signed_by)


def _terms(settings: Settings) -> Terms:
    return Terms(keys=vouching(settings.model_keys), unsigned=settings.unsigned_model or settings.demo)
