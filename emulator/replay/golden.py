"""What a service decided in a replay, one JSON line each, and where two such lists differ.

A line holds everything but signatures: the key of a studio is its own, and nothing else may be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contract.messages import Plan, Setting
from ml.redecide import differences

Kind = Literal["plan", "setting", "decision"]
ON_THE_WIRE: tuple[Kind, ...] = ("plan", "setting")
SIGNATURE = "sig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many lines are equal, and what to read about those that are not."""

    equal: int
    different: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.different or self.missing or self.unexpected)


def line_of(machine: str, said: Plan | Setting) -> bytes:
    """Write what a service said to a machine."""
    kind: Kind = "plan" if isinstance(said, Plan) else "setting"
    name = said.session if isinstance(said, Plan) else said.id
    return line(kind, name, {"machine": machine, "said": msgspec.to_builtins(said)})


def line(kind: Kind, name: str, content: Mapping[str, Any]) -> bytes:
    """Write one line; `name` finds its like in another list."""
    fields = {"kind": kind, "id": name, **content}
    return msgspec.json.encode(_unsigned(fields), order="deterministic")


def compare(golden: Iterable[bytes], now: Iterable[bytes], kinds: Sequence[Kind]) -> Comparison:
    """Compare two lists byte for byte, as far as these kinds of lines go; the order does not matter."""
    before, after = _by_name(golden, kinds), _by_name(now, kinds)
    both = [key for key in before if key in after]
    return Comparison(
        equal=sum(before[key] == after[key] for key in both),
        different=tuple(
            f"{_title(before[key])}: {place}"
            for key in both
            if before[key] != after[key]
            for place in differences(before[key], after[key])
        ),
        missing=tuple(_title(before[key]) for key in before if key not in after),
        unexpected=tuple(_title(after[key]) for key in after if key not in before),
    )


def read_lines(content: bytes) -> list[bytes]:
    """Take a file of lines apart; raises `msgspec.DecodeError` when one is none of ours."""
    found = [one for one in content.splitlines() if one.strip()]
    for one in found:
        _LINE.decode(one)
    return found


class _Line(msgspec.Struct):
    kind: Kind
    id: str
    machine: str = ""
    said: dict[str, Any] = {}
    occasion: str = ""


_LINE = msgspec.json.Decoder(_Line)


def _by_name(lines: Iterable[bytes], kinds: Sequence[Kind]) -> dict[tuple[Kind, str], bytes]:
    read = ((_LINE.decode(one), one) for one in lines)
    return {(found.kind, found.id): one for found, one in read if found.kind in kinds}


def _title(one: bytes) -> str:
    found = _LINE.decode(one)
    about = {"plan": found.machine, "decision": found.occasion}.get(found.kind)
    if about is None:
        about = f"{found.machine}, set {found.said.get('set')} {found.said.get('side')}"
    return f"{found.kind} {found.id} ({about})"


def _unsigned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unsigned(one) for key, one in value.items() if key != SIGNATURE}
    return [_unsigned(one) for one in value] if isinstance(value, list | tuple) else value
