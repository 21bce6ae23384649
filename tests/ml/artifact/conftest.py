"""A small true artifact, signed by a key of the tests."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from artifact_workshop import KEY, Workshop, a_card, small_models

from ml.artifact import folder


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    return Workshop(models=tuple(small_models()))


@pytest.fixture(scope="session")
def sealed(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed artifact that nobody changes."""
    made = tmp_path_factory.mktemp("sealed")
    folder.write(made, workshop.models, a_card())
    folder.sign(made, KEY)
    return made


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    """The same, to be broken."""
    return Path(shutil.copytree(sealed, tmp_path / "copy"))


@pytest.fixture
def forged(copy: Path) -> Callable[..., Path]:
    """Change card or model as somebody who holds the key could, and sign again."""

    def forge(model: bytes | None = None, **changes: Any) -> Path:
        card = msgspec.json.decode((copy / folder.CARD_FILE).read_bytes())
        if model is not None:
            (copy / folder.MODEL_FILE).write_bytes(model)
            card["sha256"] = hashlib.sha256(model).hexdigest()
        (copy / folder.CARD_FILE).write_bytes(msgspec.json.encode({**card, **changes}))
        folder.sign(copy, KEY)
        return copy

    return forge
