"""Stores and opens the effort model: skops, a pinned allow-list, SHA-256, signature and golden predictions.

In the order of opening; whatever is wrong, the refusal is a value and the rule takes over (decision 0015):

- `folder` the files, `seal` who vouches for the card, `card` what it says
- `confined` asks a `child` process without secrets, which opens the `archive` and gives plain numbers
- `opening` all of it: a model that may decide, or a reason
"""

from ml.artifact.archive import ALLOWED
from ml.artifact.card import Card, Refused
from ml.artifact.child import Bounds
from ml.artifact.folder import CARD_FILE, MODEL_FILE, SEAL_FILE, read_card, sign, signer, write
from ml.artifact.opening import Opened, Terms, default, load, open_artifact, open_shipped, shipped
from ml.artifact.seal import RELEASE_KEYS

__all__ = [
    "ALLOWED",
    "CARD_FILE",
    "MODEL_FILE",
    "RELEASE_KEYS",
    "SEAL_FILE",
    "Bounds",
    "Card",
    "Opened",
    "Refused",
    "Terms",
    "default",
    "load",
    "open_artifact",
    "open_shipped",
    "read_card",
    "shipped",
    "sign",
    "signer",
    "write",
]
