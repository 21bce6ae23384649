"""Columns that are sealed at rest: their values are bound and read as plain text."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from services import sealing
from services.sealing import SealedError


class Sealed(TypeDecorator[str]):
    """A text that looks different each time it is sealed; `place` binds it to its column."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal a value, where the engine has a vault."""
        vault = sealing.vault_of(dialect)
        if value is None:
            return None
        if vault is None:
            if sealing.is_sealed(value):
                raise SealedError("a value of the form of a sealed one needs the keys of the store")
            return value
        return self._seal(vault, value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:  # noqa: ARG002 (as SQLAlchemy asks)
        """Return what opens the values of a result; SealedError when the engine has not the key."""
        vault, place = sealing.vault_of(dialect), self.place
        if vault is None:
            return _as_it_is
        return lambda stored: None if stored is None else vault.opened(stored, place)

    def _seal(self, vault: sealing.Vault, value: str) -> str:
        return vault.seal(value, self.place)


def _as_it_is(stored: str | None) -> str | None:
    if stored is not None and sealing.is_sealed(stored):
        raise SealedError("identities here are sealed: open the store with its keys")
    return stored


class SealedKey(Sealed):
    """A text that looks the same each time: for `==`, `in` and unique constraints."""

    cache_ok = True

    def _seal(self, vault: sealing.Vault, value: str) -> str:
        return vault.seal_key(value, self.place)


class SealedWord(SealedKey):
    """A sealed key in a column that SQLite, which enforces no lengths, keeps as the word it has been."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take the type of each database."""
        return String(64) if dialect.name == "sqlite" else Text()
