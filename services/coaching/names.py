"""Ids that the service makes: of the row that caused them, so a replay makes the same ids."""

from contract.messages import Head, Origin
from contract.names import made_id

__all__ = ["basis_id", "made_id"]


def basis_id(origin: Origin, head: Head, *parts: object) -> str:
    """Make an id from the identity of a row, and from what of it is meant."""
    return made_id(origin, head.machine, head.stream, head.seq, *parts)
