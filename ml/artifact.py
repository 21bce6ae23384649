"""Stores and loads the effort model: skops, a pinned allow-list, SHA-256 and golden predictions in a card.

Nothing is trusted because a file asks for it: the allow-list stands in this file. Whatever is wrong with an
artifact, the refusal is a value and the rule takes over (page 5, artifacts). No pickle, no joblib files.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from ml.effort import EffortModel, QuantileEffort, RuleEffort
from ml.trees import Trees, from_estimator

SCHEMA = 1
MODEL_FILE, CARD_FILE = "effort.skops", "card.json"
ALLOWED: Final = ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",)
GOLDEN_TOLERANCE = 1e-9  # reps; the same trees give the same sums
MOST_BYTES = 8_000_000  # a file beyond it is not ours
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: archives carry no clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What an artifact is, what it was made of, and how good it is on people it has not seen."""

    features: tuple[str, ...]
    margin: float
    bound_from: float
    seed: int
    people: int
    sets: int
    table: str
    figures: dict[str, float]
    golden_rows: list[list[float | None]]
    golden_predictions: list[list[float]] = field(default_factory=list)
    schema: int = SCHEMA
    name: str = ""
    sha256: str = ""
    sklearn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why an artifact is not used."""

    reason: str


@cache
def default() -> EffortModel:
    """Return the shipped effort model, loaded once; the rule when it is refused."""
    return load(Path(str(files("ml").joinpath("artifacts"))))


def load(folder: Path) -> EffortModel:
    """Load the effort model of a folder; the rule when anything about it is wrong."""
    found = open_artifact(folder)
    return RuleEffort() if isinstance(found, Refused) else found


def open_artifact(folder: Path) -> EffortModel | Refused:
    """Check an artifact's card, bytes, types and golden predictions, in that order, and build the model."""
    card = read_card(folder)
    if isinstance(card, Refused):
        return card
    data = _bytes(folder / MODEL_FILE)
    if isinstance(data, Refused):
        return data
    if hashlib.sha256(data).hexdigest() != card.sha256:
        return Refused(reason="the model file is not the one that the card describes")
    models = _models(data)
    if isinstance(models, Refused):
        return models
    trees = [from_estimator(model) for model in models]
    if not _are_golden(trees, card):
        return Refused(reason="the golden predictions differ")
    return QuantileEffort(card.name, trees, card.margin, card.bound_from)


def read_card(folder: Path) -> Card | Refused:
    """Read the card of a folder."""
    data = _bytes(folder / CARD_FILE)
    if isinstance(data, Refused):
        return data
    try:
        card = msgspec.json.decode(data, type=Card)
    except msgspec.DecodeError as problem:
        return Refused(reason=f"card: {problem}")
    if card.schema != SCHEMA:
        return Refused(reason=f"card schema {card.schema}, expected {SCHEMA}")
    return card


def write(folder: Path, models: Sequence[Any], card: Card) -> Card:
    """Write models and card; the name is taken from the bytes, so it says exactly which model decided."""
    import sklearn  # noqa: PLC0415 - cold import costs 3.5 s
    import skops.io  # noqa: PLC0415

    data = canonical(skops.io.dumps(list(models)))
    digest = hashlib.sha256(data).hexdigest()
    finished = replace(
        card,
        golden_predictions=_predictions(models, card),
        name=f"effort-{digest[:12]}",
        sha256=digest,
        sklearn=sklearn.__version__,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(data)
    (folder / CARD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(finished), indent=1) + b"\n")
    return finished


def canonical(data: bytes) -> bytes:
    """Rewrite a skops archive without memory addresses and clock, so that equal models have equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        names: dict[str, str] = {}
        schema = _renumbered(json.loads(source.read("schema.json")), {}, names)
        _put(target, "schema.json", json.dumps(schema, sort_keys=True, separators=(",", ":")).encode())
        for old, new in names.items():
            _put(target, new, source.read(old))
    return packed.getvalue()


def _renumbered(node: Any, ids: dict[int, int], names: dict[str, str]) -> Any:
    """Return the schema with objects and files numbered by appearance instead of by address."""
    if isinstance(node, list):
        return [_renumbered(entry, ids, names) for entry in node]
    if not isinstance(node, dict):
        return node
    changed: dict[str, Any] = {}
    for key, value in node.items():
        if key == "__id__":
            changed[key] = ids.setdefault(value, len(ids) + 1)
        elif key == "file":
            changed[key] = names.setdefault(value, f"{len(names) + 1}.npy")
        else:
            changed[key] = _renumbered(value, ids, names)
    return changed


def _put(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, data)


def _bytes(path: Path) -> bytes | Refused:
    try:
        if path.stat().st_size > MOST_BYTES:
            return Refused(reason=f"{path.name} is larger than {MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as problem:
        return Refused(reason=f"{path.name}: {problem.strerror}")


def _models(data: bytes) -> list[Any] | Refused:
    try:
        import skops.io  # noqa: PLC0415 - cold import costs 3.5 s
        from skops.io.exceptions import UntrustedTypesFoundException  # noqa: PLC0415
    except ImportError as problem:
        return Refused(reason=f"not installed: {problem.name}")
    try:
        models: list[Any] = skops.io.loads(data, trusted=list(ALLOWED))
    except UntrustedTypesFoundException:
        return Refused(reason="the model file asks for types that are not on the allow-list")
    except (ValueError, TypeError, KeyError, AttributeError, zipfile.BadZipFile) as problem:
        return Refused(reason=f"unreadable: {type(problem).__name__}")
    return models


def _predictions(models: Sequence[Any], card: Card) -> list[list[float]]:
    return [[float(value) for value in model.predict(_golden_rows(card))] for model in models]


def _golden_rows(card: Card) -> list[list[float]]:
    return [[float("nan") if value is None else value for value in row] for row in card.golden_rows]


def _are_golden(trees: Sequence[Trees], card: Card) -> bool:
    found = [[one.predict(row) for row in _golden_rows(card)] for one in trees]
    pairs = (
        abs(one - other)
        for row, golden in zip(found, card.golden_predictions, strict=False)
        for one, other in zip(row, golden, strict=False)
    )
    is_complete = [len(row) for row in found] == [len(row) for row in card.golden_predictions]
    return is_complete and all(gap <= GOLDEN_TOLERANCE for gap in pairs)
