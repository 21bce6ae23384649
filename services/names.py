"""Ids that are made of words: UUIDv5, so that the same words make the same id on every computer."""

from uuid import UUID, uuid5

_SPACE = UUID("6f70656e-7370-5e65-8a11-636f61636821")  # fixed for ever: ids of recorded decisions hang on it


def made_id(*parts: object) -> str:
    """Make an id from words and numbers."""
    return str(uuid5(_SPACE, "/".join(str(part) for part in parts)))
