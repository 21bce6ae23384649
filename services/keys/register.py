"""Which keys a folder holds, and which of them signs: rotation as values.

A key is made as `next` (or `current`, when its use has none): agents learn it before it signs. Made
`current`, it signs, and the one before becomes `earlier`: agents still accept what it has signed. A `retired`
key is named to agents no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Use = Literal["command", "envelope", "model"]
State = Literal["next", "current", "earlier", "retired"]


class KeyRefusedError(Exception):
    """Why keys cannot be used, or not in this way; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key: its public part (hex), what it may sign, and where it stands in the rotation."""

    key_id: str
    use: Use
    public: str
    state: State


Register = tuple[Entry, ...]


def added(register: Register, key_id: str, use: Use, public: str) -> Register:
    """Add a new key; it signs at once when its use has no current one."""
    if any(one.key_id == key_id for one in register):
        raise KeyRefusedError(f"there is a key {key_id} already")
    state: State = "current" if current(register, use) is None else "next"
    return (*register, Entry(key_id=key_id, use=use, public=public, state=state))


def switched(register: Register, key_id: str) -> Register:
    """Let this key sign from now on; the one before stays valid until it is retired."""
    chosen = find(register, key_id)
    if chosen.state == "retired":
        raise KeyRefusedError(f"{key_id} is retired: make a new key")
    return tuple(
        replace(one, state="current")
        if one == chosen
        else replace(one, state="earlier")
        if one.use == chosen.use and one.state == "current"
        else one
        for one in register
    )


def retired(register: Register, key_id: str) -> Register:
    """Withdraw a key for ever; the current one only after another has taken its place."""
    chosen = find(register, key_id)
    if chosen.state == "current":
        raise KeyRefusedError(
            f"{key_id} is the current {chosen.use} key: make another one current before it is retired"
        )
    return tuple(replace(one, state="retired") if one == chosen else one for one in register)


def find(register: Register, key_id: str) -> Entry:
    """Find a key by its id; KeyRefusedError when there is none."""
    for one in register:
        if one.key_id == key_id:
            return one
    raise KeyRefusedError(f"there is no key {key_id} here")


def current(register: Register, use: Use) -> Entry | None:
    """Find the key that signs."""
    return next((one for one in register if one.use == use and one.state == "current"), None)


def published(
    before: dict[str, dict[str, str]], register: Register, uses: Sequence[Use]
) -> dict[str, dict[str, str]]:
    """Renew what agents are told of these uses; keys of other uses stay as they are."""
    kept = {key_id: row for key_id, row in before.items() if row.get("use") not in uses}
    own = {one.key_id: {"use": one.use, "public": one.public} for one in register if one.state != "retired"}
    return dict(sorted((kept | own).items()))
