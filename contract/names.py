"""Ids that are made of words: UUIDv5, so that the same words make the same id on every computer.

What the service answers to a row is named by the identity of the row: who plays it again knows the names.
"""

from uuid import UUID, uuid5

from contract.messages import Origin

_SPACE = UUID("6f70656e-7370-5e65-8a11-636f61636821")  # fixed for ever: ids of recorded decisions hang on it
RowKey = tuple[Origin, str, str, int]  # origin, machine, stream, seq


def made_id(*parts: object) -> str:
    """Make an id from words and numbers."""
    return str(uuid5(_SPACE, "/".join(str(part) for part in parts)))


def setting_id(basis: RowKey, session: str, set_number: int) -> str:
    """Name the setting that answers a row, for one set of the row's session."""
    return made_id(*basis, "setting", session, set_number)
