"""Ids that the service makes: UUIDv5 of the row that caused them, so a replay makes the same ids."""

from uuid import UUID, uuid5

from contract.messages import Head, Origin

_SPACE = UUID("6f70656e-7370-5e65-8a11-636f61636821")  # fixed for ever: ids of recorded decisions hang on it


def made_id(*parts: object) -> str:
    """Make an id from words and numbers."""
    return str(uuid5(_SPACE, "/".join(str(part) for part in parts)))


def basis_id(origin: Origin, head: Head, *parts: object) -> str:
    """Make an id from the identity of a row, and from what of it is meant."""
    return made_id(origin, head.machine, head.stream, head.seq, *parts)
