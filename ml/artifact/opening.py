"""From a folder to a model that may decide, or to the reason why it may not; then the rule takes over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from ml.artifact import card, confined, folder, seal
from ml.artifact.archive import as_floats
from ml.artifact.card import Card, Refused
from ml.artifact.child import DIFFERS, Bounds, is_golden
from ml.effort.features import FEATURES
from ml.effort.model import EffortModel, QuantileEffort, RuleEffort
from ml.effort.trees import Trees

OTHER_FEATURES = Refused(reason="the model was made for other features than this version measures")
RULE = RuleEffort()
BANDS = 3  # models of an artifact: the quantiles .1, .5, .9


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An artifact in use; `signed_by` is None when nobody vouches for it."""

    effort: EffortModel
    card: Card
    signed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms an artifact is opened: whose signature counts, and whether none will do."""

    keys: Mapping[str, str] = field(default_factory=lambda: seal.RELEASE_KEYS)
    unsigned: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    patience_s: float = confined.PATIENCE_S


RELEASED = Terms()


def shipped() -> Path:
    """Return the folder of the artifact that ships."""
    return Path(str(files("ml").joinpath("artifacts")))


@cache
def open_shipped() -> Opened | Refused:
    """Open the artifact that ships, once in a process."""
    return open_artifact(shipped())


def default() -> EffortModel:
    """Return the shipped effort model; the rule when it is refused."""
    found = open_shipped()
    return RULE if isinstance(found, Refused) else found.effort


def load(place: Path, terms: Terms = RELEASED) -> EffortModel:
    """Load the effort model of a folder; the rule when anything about it is wrong."""
    found = open_artifact(place, terms)
    return RULE if isinstance(found, Refused) else found.effort


def open_artifact(place: Path, terms: Terms = RELEASED) -> Opened | Refused:
    """Check signature, card, hash and features; then types, golden predictions and numbers in a child."""
    verified = _verified(place, terms)
    if isinstance(verified, Refused):
        return verified
    model, described, signed_by = verified
    trees = confined.trees_of(model, described, terms.bounds, terms.patience_s)
    if isinstance(trees, Refused):
        return trees
    if len(trees) != BANDS or not _are_golden(trees, described):
        return Refused(reason=DIFFERS)
    effort = QuantileEffort(described.name, trees, described.margins, described.bound_from)
    return Opened(effort=effort, card=described, signed_by=signed_by)


def _verified(place: Path, terms: Terms) -> tuple[bytes, Card, str | None] | Refused:
    """Return the model file, its card and who vouches for both; the signature comes before all else."""
    found = folder.read(place)
    if isinstance(found, Refused):
        return found
    signed_by = seal.vouched(found.card, found.seal, terms.keys)
    if isinstance(signed_by, Refused) and not (terms.unsigned and signed_by is seal.UNSIGNED):
        return signed_by
    described = card.decode(found.card)
    if isinstance(described, Refused):
        return described
    if described.features != FEATURES:
        return OTHER_FEATURES
    if not folder.is_of_card(found, described):
        return folder.ANOTHER_FILE
    return found.model, described, None if isinstance(signed_by, Refused) else signed_by


def _are_golden(trees: tuple[Trees, ...], described: Card) -> bool:
    """Check the numbers that will decide, whatever the child has checked."""
    rows = [as_floats(row) for row in described.golden_rows]
    return is_golden([[one.predict(row) for row in rows] for one in trees], described.golden_predictions)
