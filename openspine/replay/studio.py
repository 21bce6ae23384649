"""A studio of its own for a recording: the machines and the people that it names, and nothing else."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from emulator.replay.golden import line
from emulator.replay.tape import Tape
from machine_agent import pins
from openspine.guests import Guest, welcome
from openspine.service import ServiceProcess
from openspine.workshop import workshop
from services.store.engine import open_engine
from services.store.reading import decisions

# Of invented people only. Always the same: what envelopes are bound to is part of what a service says.
SITE_KEY = hashlib.sha256(b"openspine replay: invented people").digest()
PIN = "2468"  # of somebody who signed in by code, and of whom nothing is known
FOR_EVER_MS = 2**53


class _People(msgspec.Struct, forbid_unknown_fields=True):
    person: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a replay plays, and the stretched PINs of its people by code."""

    service: ServiceProcess
    pins: Mapping[str, bytes]


def read_people(path: Path) -> list[Guest]:
    """Read `[[person]]` tables, each as `Guest` has it; raises OSError, or ValueError with what is wrong."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _People).person
        unknown = sorted({name for one in found for name in one} - {one.name for one in fields(Guest)})
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        return [msgspec.convert(one, Guest) for one in found]
    except (tomllib.TOMLDecodeError, UnicodeError, msgspec.ValidationError) as error:
        raise ValueError(str(error)) from error


def machines(tape: Tape) -> dict[str, str]:
    """Name the machines of a recording and their kinds, as the sign-ins say."""
    return {message.head.machine: body.machine_kind for message, body in tape.sign_ins()}


def people(tape: Tape, known: Sequence[Guest] = ()) -> list[Guest]:
    """List who signs in: as known, else as somebody of whom nothing is known but the badge or code."""
    kinds: dict[tuple[str, bool], dict[str, None]] = {}
    for _, body in tape.sign_ins():
        lookup = (body.badge or body.code or "", body.badge is not None)
        kinds.setdefault(lookup, {})[body.machine_kind] = None
    named = {one.badge for one in known} | {one.code for one in known if one.code is not None}
    strangers = [
        Guest(
            badge=name if is_badge else f"badge of {name}",
            code=None if is_badge else name,
            pin=None if is_badge else PIN,
            name="Recorded",
            stations=tuple(used),
        )
        for (name, is_badge), used in kinds.items()
        if name not in named
    ]
    return [*known, *strangers]


def settle(
    service: ServiceProcess, tape: Tape, known: Sequence[Guest] = (), at_ms: int | None = None
) -> Home:
    """Put machines and people of a recording into an empty store, as of its day or of another moment."""
    present = people(tape, known)
    began_ms = min((message.head.wall_ms for message, _ in tape.sign_ins()), default=0)
    welcome(service, machines(tape), present, began_ms if at_ms is None else at_ms)
    codes = [(one.code or one.badge, one.pin) for one in present if one.pin is not None]
    return Home(service=service, pins={code: pins.stretched(pin, code) for code, pin in codes})


@contextmanager
def studio_of(tape: Tape, known: Sequence[Guest] = (), at_ms: int | None = None) -> Iterator[Home]:
    """Start broker and service for a recording, and end them; RuntimeError carries the log."""
    with workshop(SITE_KEY) as service:
        yield settle(service, tape, known, at_ms)


def decision_lines(database_url: str) -> list[bytes]:
    """Write every decision of a store as a golden line: the answer with all its intermediates."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        logged = list(decisions.between(connection, 0, FOR_EVER_MS))
    engine.dispose()
    found = []
    for one in logged:
        asked, answer = msgspec.json.decode(one.request), msgspec.json.decode(one.answer)
        about = {name: asked[name] for name in ("occasion", "kind", "side", "now_ms")}
        about["machine_kind"] = about.pop("kind")
        found.append(line("decision", one.id, {**about, "answer": answer}))
    return found
