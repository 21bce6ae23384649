"""What a day was, fact by fact, and a short name for it: the same facts give the same digest."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from contract.messages import Gravity, Message, Plan, Receipt, Rep, SetEnd, Setting
from emulator.day.booking import Booked
from emulator.day.hall import Seat
from emulator.day.staff import Call, Errand

# Drawn anew by every agent, or read from the real monotonic clock: they say nothing of the day.
NAMES = frozenset({"setting", "nonce", "machine_kind", "firmware"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One person at one machine: seat, real end (ms since opening), and what was recorded there."""

    seat: Seat
    ends_ms: int
    sets: int
    reps: int
    load_kg: float  # the heaviest work set


@dataclass(slots=True)
class Diary:
    """Collects the facts of a day in an order that does not depend on the network (mutable)."""

    reps: int = 0
    sets: int = 0
    asks: int = 0  # rows that the service answers, or that may alarm somebody
    receipts: dict[str, int] = field(default_factory=dict)
    _rows: dict[str, list[str]] = field(default_factory=dict)  # by machine, in the order of its rows
    _decisions: dict[str, list[str]] = field(default_factory=dict)

    def row(self, machine: str, message: Message, at_ms: int) -> None:
        """Take in a row that is on disk, `at_ms` since opening."""
        body = message.body
        self.reps += isinstance(body, Rep)
        self.sets += isinstance(body, SetEnd)
        self.asks += not isinstance(body, Rep | Receipt | Gravity)
        if isinstance(body, Receipt):
            self.receipts[body.result] = self.receipts.get(body.result, 0) + 1
        self._rows.setdefault(machine, []).append(f"{at_ms} {message.head.kind} {_plain(body)}")

    def answer(self, machine: str, down: object) -> None:
        """Take in what the service decided: doses and reasons, no signature and no key."""
        settings = down.settings if isinstance(down, Plan) else (down,)
        for one in settings:
            if isinstance(one, Setting):
                self._decisions.setdefault(machine, []).append(repr(dose(one)))

    def digest_of_rows(self) -> str:
        """Name everything that the machines recorded, with its studio time."""
        return _digest(self._rows)

    def digest_of_decisions(self) -> str:
        """Name everything that the service decided."""
        return _digest(self._decisions)


def dose(setting: Setting) -> tuple[object, ...]:
    """Return what a setting decides, without what differs from one set of keys to another."""
    return (
        setting.set,
        setting.side,
        setting.mode,
        setting.load_g,
        setting.start_cdeg,
        setting.end_cdeg,
        setting.reps,
        setting.work_ms,
        setting.tempo_ms,
        setting.rest_ms,
        tuple(why.code for why in setting.why),
        setting.policy,
        setting.model,
    )


def digest_of_floor(booked: Sequence[Booked], stays: Iterable[Stay], errands: Iterable[Errand]) -> str:
    """Name who was booked and came, who was where from when to when, and who of the staff went where."""
    found = hashlib.sha256()
    lines = [repr(one) for one in booked]
    lines += sorted(repr(one) for one in stays) + sorted(repr(one) for one in errands)
    found.update("\n".join(lines).encode())
    return found.hexdigest()[:16]


def since(call: Call, opens_ms: int) -> Call:
    """Turn a call with studio time (ms since 1970) into one with ms since opening."""
    return replace(call, raised_ms=call.raised_ms - opens_ms)


def _digest(lines: Mapping[str, Sequence[str]]) -> str:
    found = hashlib.sha256()
    for machine in sorted(lines):
        found.update("\n".join([machine, *lines[machine], ""]).encode())
    return found.hexdigest()[:16]


def _plain(body: Any) -> str:
    built = msgspec.to_builtins(body)
    return repr({name: value for name, value in sorted(built.items()) if name not in NAMES})
