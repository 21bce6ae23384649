"""The card of an artifact: what the model is, what it was made of, and how good it is on people unseen."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from ml.effort.bands import Margins
from ml.monitoring.drift import Bins

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What an artifact is, what it was made of, and how good it is on people it has not seen.

    `monotonic`: the sign in which the prediction may move with each feature (0 free). `strata`: figures of
    parts of the people that were kept apart, by name. `reference`: how the features were spread in training.
    """

    features: tuple[str, ...]
    margins: Margins
    bound_from: float
    seed: int
    people: int
    sets: int
    table: str
    figures: dict[str, float]
    golden_rows: list[list[float | None]]
    golden_predictions: list[list[float]] = field(default_factory=list)
    monotonic: tuple[int, ...] = ()
    strata: dict[str, dict[str, float]] = field(default_factory=dict)
    reference: dict[str, Bins] = field(default_factory=dict)
    schema: int = SCHEMA
    name: str = ""
    sha256: str = ""
    sklearn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why an artifact is not used; one sentence."""

    reason: str


_CARD = msgspec.json.Decoder(Card)


def decode(data: bytes) -> Card | Refused:
    """Read a card from its bytes."""
    try:
        card = _CARD.decode(data)
    except msgspec.DecodeError as problem:
        return Refused(reason=f"card: {problem}")
    if card.schema != SCHEMA:
        return Refused(reason=f"card schema {card.schema}, expected {SCHEMA}")
    return card


def encode(card: Card) -> bytes:
    """Write a card for people and for the signature: one form, so equal cards have equal bytes."""
    return msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"
