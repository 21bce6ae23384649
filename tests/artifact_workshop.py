"""Small true artifacts, and the keys of the tests that sign them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ml.artifact import Card, Terms
from ml.artifact.seal import key_id_of
from ml.effort.bands import LEVELS, Band, Margins
from ml.effort.features import FEATURES
from services.keys.folder import public_hex

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = public_hex(KEY)
KEY_ID = key_id_of(PUBLIC)


def margins() -> Margins:
    flat = (0.5,) * len(LEVELS)
    return Margins(bands=(Band(until_rir=12.0, below=flat, above=flat),), bound=flat)


def a_card(**changes: Any) -> Card:
    rows: list[list[float | None]] = [[0.1 * n for n in range(len(FEATURES))], [None] * len(FEATURES)]
    usual = {
        "features": FEATURES,
        "margins": margins(),
        "bound_from": 7.0,
        "seed": 1,
        "people": 10,
        "sets": 300,
        "table": "0" * 64,
        "figures": {"coverage": 0.8},
        "golden_rows": rows,
    }
    return Card(**{**usual, **changes})


def small_models() -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - slow import

    chance = np.random.default_rng(1)
    table = chance.normal(size=(300, len(FEATURES)))
    makers = [HistGradientBoostingRegressor(loss="quantile", quantile=q, max_iter=3) for q in (0.1, 0.5, 0.9)]
    return [one.fit(table, table[:, 0] + chance.normal(size=300)) for one in makers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a test of artifacts works with; `terms` know its key only."""

    models: tuple[Any, ...]
    key: Ed25519PrivateKey = KEY
    stranger: Ed25519PrivateKey = STRANGER
    key_id: str = KEY_ID
    terms: Terms = field(default_factory=lambda: Terms(keys={KEY_ID: PUBLIC}))
