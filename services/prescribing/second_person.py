"""Who counts as a second person beside somebody who has proposed wider limits."""

import re
import unicodedata
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import Connection

from services.api.problems import Refused
from services.store.reading import signers, staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who proposes or signs: the id, the name, and whether the id is that of an account of staff.

    The name of an account is sealed from this process in a production: its id stands there instead.
    """

    id: str
    name: str
    has_account: bool


def are_two(one: Signer, other: Signer) -> bool:
    """Tell whether two signers are two people.

    A name and an account prove different things about somebody: between the two nothing can be told. Of two
    names, one may be the other in short.
    """
    if one.has_account != other.has_account or one.id == other.id:
        return False
    names, others = _words(one.name), _words(other.name)
    if one.has_account:
        return names != others
    return not (names <= others or others <= names)


def refuse_one_person(connection: Connection, proposer: tuple[str, str], second: tuple[str, str]) -> None:
    """Refuse a second (id, name) that may be the proposer by another proof, or was let in by the proposer."""
    known = signers.accounts(connection, (proposer[0], second[0]))
    one, other = (Signer(id=key, name=name, has_account=key in known) for key, name in (proposer, second))
    if one.has_account != other.has_account:
        why = "Only one of the two has an account of staff: they may be one person. Ask somebody else."
        raise Refused(HTTPStatus.FORBIDDEN, why)
    if not are_two(one, other):
        raise Refused(HTTPStatus.FORBIDDEN, "Whoever proposes does not sign: a second person must.")
    if not staff.are_apart(connection, one.id, other.id):
        why = "One let the other in, or is not confirmed: ask a third person."
        raise Refused(HTTPStatus.FORBIDDEN, why)


def _words(name: str) -> frozenset[str]:
    """Take a name apart: "Wong" is in "Dr Wong", whatever the letters' case."""
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))
