"""An artifact as files: the model, its card, and the seal of whoever vouches for it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ml.artifact import archive, card, seal
from ml.artifact.card import Card, Refused

MODEL_FILE, CARD_FILE, SEAL_FILE = "effort.skops", "card.json", "card.sig"
MOST_BYTES: Final = {MODEL_FILE: 8_000_000, CARD_FILE: 1_000_000, SEAL_FILE: 1_000}  # ours are far smaller
ANOTHER_FILE = Refused(reason="the model file is not the one that the card describes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The bytes of a folder, read once: what is verified is what is opened."""

    model: bytes
    card: bytes
    seal: bytes | None


def read(folder: Path) -> Files | Refused:
    """Read the files of an artifact; nothing of them is opened yet."""
    described = _bytes(folder / CARD_FILE)
    model = _bytes(folder / MODEL_FILE)
    if isinstance(described, Refused):
        return described
    if isinstance(model, Refused):
        return model
    if not (folder / SEAL_FILE).exists():
        return Files(model=model, card=described, seal=None)
    found = _bytes(folder / SEAL_FILE)
    return found if isinstance(found, Refused) else Files(model=model, card=described, seal=found)


def read_card(folder: Path) -> Card | Refused:
    """Read the card of a folder; whoever uses the model opens the artifact instead."""
    data = _bytes(folder / CARD_FILE)
    return data if isinstance(data, Refused) else card.decode(data)


def write(folder: Path, models: Sequence[Any], described: Card) -> Card:
    """Write models and card; the name is taken from the bytes, so it says exactly which model decided.

    The seal of an earlier card is taken away: it says nothing about this one.
    """
    import sklearn  # noqa: PLC0415 - cold import costs 3.5 s

    data = archive.pack(models)
    digest = hashlib.sha256(data).hexdigest()
    finished = replace(
        described,
        golden_predictions=archive.predictions(models, described.golden_rows),
        name=f"effort-{digest[:12]}",
        sha256=digest,
        sklearn=sklearn.__version__,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SEAL_FILE).unlink(missing_ok=True)
    (folder / MODEL_FILE).write_bytes(data)
    (folder / CARD_FILE).write_bytes(card.encode(finished))
    return finished


def sign(folder: Path, key: Ed25519PrivateKey) -> seal.Seal | Refused:
    """Vouch for the artifact of a folder, when its model file is the one that its card describes."""
    files = read(folder)
    if isinstance(files, Refused):
        return files
    described = card.decode(files.card)
    if isinstance(described, Refused):
        return described
    if not is_of_card(files, described):
        return ANOTHER_FILE
    made = seal.sign(files.card, key)
    (folder / SEAL_FILE).write_bytes(seal.encode(made))
    return made


def is_of_card(files: Files, described: Card) -> bool:
    """Tell whether the model file is the one that the card describes."""
    return hashlib.sha256(files.model).hexdigest() == described.sha256


def signer(folder: Path, keys: Mapping[str, str] = seal.RELEASE_KEYS) -> str | Refused:
    """Tell whose signature a card carries, without opening the model."""
    files = read(folder)
    return files if isinstance(files, Refused) else seal.vouched(files.card, files.seal, keys)


def _bytes(path: Path) -> bytes | Refused:
    most = MOST_BYTES[path.name]
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as problem:
        return Refused(reason=f"{path.name}: {problem.strerror}")
    return data if len(data) <= most else Refused(reason=f"{path.name} is larger than {most} bytes")
