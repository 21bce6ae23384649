"""Ids that are made of words: UUIDv5, so that the same words make the same id on every computer.

What the service answers to a row is named by the identity of the row: who plays it again knows the names.
"""

from hashlib import sha1
from uuid import UUID

from contract.messages import Origin

_SPACE = UUID("6f70656e-7370-5e65-8a11-636f61636821")  # fixed for ever: ids of recorded decisions hang on it
_SPACE_BYTES = _SPACE.bytes
RowKey = tuple[Origin, str, str, int]  # origin, machine, stream, seq


def made_id(*parts: object) -> str:
    """Make an id from words and numbers: the UUIDv5 of the library, in half of its time."""
    words = "/".join([str(part) for part in parts])
    digest = bytearray(sha1(_SPACE_BYTES + words.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50  # version 5
    digest[8] = digest[8] & 0x3F | 0x80  # variant of RFC 9562
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def setting_id(basis: RowKey, session: str, set_number: int) -> str:
    """Name the setting that answers a row, for one set of the row's session."""
    return made_id(*basis, "setting", session, set_number)
