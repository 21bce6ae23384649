"""Who may vouch for a trained model here: the project's release keys, and the model keys of the studio.

The service needs the register of the model folder only; private parts stay with whoever trains.
"""

from collections.abc import Mapping
from pathlib import Path

from ml.artifact.seal import RELEASE_KEYS
from services.keys.folder import read_register


def vouching(folder: Path) -> Mapping[str, str]:
    """List public keys by id; a retired one vouches for nothing any more.

    Raises KeyRefusedError when the register cannot be read.
    """
    own = {
        one.key_id: one.public
        for one in read_register(folder)
        if one.use == "model" and one.state != "retired"
    }
    return {**own, **RELEASE_KEYS}
