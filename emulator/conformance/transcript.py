"""What was said and heard in one run of the kit, in order; the rules read nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from contract import recording
from contract.codec import Undecodable, Up
from contract.messages import Down, Frame, Head, Message, Receipt, RecordedBody, Status
from emulator.conformance.connect import Connect
from emulator.conformance.orders import Times

SHOWN_MOST = 240  # characters of a payload in a piece of evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of the machine as it came (s since the kit began)."""

    at_s: float
    act: str
    channel: str
    payload: bytes
    qos: int
    retain: bool
    message: Up | Undecodable


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the kit; `label` names the probe, `id` is the setting's or the hold's."""

    at_s: float
    act: str
    channel: str
    payload: bytes
    label: str
    id: str | None = None
    message: Down | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What happened to the machine's connection, as the kit's own door saw it."""

    at_s: float
    act: str
    what: Literal["connect", "lost", "cut", "restored"]
    connect: Connect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """An act was given to the session that a sign-in opened."""

    at_s: float
    act: str
    session: str


Entry = Heard | Said | Wire | Began


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A recorded message, each time that it came; `place` is where it stands in the transcript."""

    place: int
    at_s: float
    heard: Heard
    head: Head
    body: RecordedBody

    @property
    def key(self) -> tuple[str, int]:
        """Stream and number."""
        return self.head.stream, self.head.seq


class Transcript:
    """Everything in order, and the questions that rules ask of it."""

    def __init__(
        self, entries: Iterable[Entry], machine: str, *, badge: str | None = None, times: Times | None = None
    ) -> None:
        self.entries: Sequence[Entry] = tuple(entries)
        self.machine, self.badge = machine, badge
        self.times = times or Times()

    @cached_property
    def heard(self) -> tuple[Heard, ...]:
        """Everything that the machine said."""
        return tuple(one for one in self.entries if isinstance(one, Heard))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every recorded message, repeats included, as they came."""
        return tuple(
            Row(place=place, at_s=one.at_s, heard=one, head=one.message.head, body=one.message.body)
            for place, one in enumerate(self.entries)
            if isinstance(one, Heard) and isinstance(one.message, Message)
        )

    @cached_property
    def firsts(self) -> tuple[Row, ...]:
        """Every recorded message when it came for the first time."""
        found: dict[tuple[str, int], Row] = {}
        for row in self.rows:
            found.setdefault(row.key, row)
        return tuple(found.values())

    @cached_property
    def statuses(self) -> tuple[tuple[Heard, Status], ...]:
        """Every status."""
        return tuple((one, one.message) for one in self.heard if isinstance(one.message, Status))

    @cached_property
    def frames(self) -> tuple[tuple[Heard, Frame], ...]:
        """Every point of the live trace."""
        return tuple((one, one.message) for one in self.heard if isinstance(one.message, Frame))

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        """What happened to the connection; empty when the machine does not come through the kit's door."""
        return tuple(one for one in self.entries if isinstance(one, Wire))

    def session(self, act: str) -> str | None:
        """Return the session that an act was given to."""
        return next((one.session for one in self.entries if isinstance(one, Began) and one.act == act), None)

    def of(self, act: str, *kinds: str) -> tuple[Row, ...]:
        """Return the rows of an act's session in the order of their numbers."""
        wanted = self.session(act)
        rows = (one for one in self.firsts if wanted is not None and one.head.session == wanted)
        return tuple(
            sorted((one for one in rows if not kinds or one.head.kind in kinds), key=lambda one: one.head.seq)
        )

    def said(self, act: str, label: str | None = None) -> tuple[Said, ...]:
        """Return what the kit said in an act."""
        return tuple(
            one
            for one in self.entries
            if isinstance(one, Said) and one.act == act and label in (None, one.label)
        )

    def place(self, said: Said) -> int:
        """Tell where something that was said stands among the entries."""
        return next(place for place, one in enumerate(self.entries) if one is said)

    def receipts(self, said: Said) -> tuple[Row, ...]:
        """Return the receipts of a setting or hold, also those that came after its session.

        What is said in two sessions (a replay) has receipts in each; one that names neither session, as after
        a sign-out, answers what was said last before it.
        """
        if said.id is None:
            return ()
        began: dict[str, int] = {}  # where each act said it first, in order
        for place, one in enumerate(self.entries):
            if isinstance(one, Said) and one.id == said.id:
                began.setdefault(one.act, place)

        def answered(row: Row) -> str:
            session = row.head.session
            before = [act for act, place in began.items() if place < row.place]
            of_session = [act for act in before if session is not None and self.session(act) == session]
            return (of_session or before or [said.act])[-1]

        return tuple(
            row
            for row in self.firsts
            if isinstance(row.body, Receipt)
            and said.id in (row.body.setting, row.body.hold)
            and answered(row) == said.act
        )


def shown(entry: Heard | Said | Row) -> str:
    """Write an entry as evidence: when, who, where, and the beginning of the bytes, without a PIN proof."""
    one = entry.heard if isinstance(entry, Row) else entry
    arrow = "machine" if isinstance(one, Heard) else f"kit ({one.label})"
    payload = recording.redacted(one.payload)
    decoded = payload[:SHOWN_MOST].decode(errors="replace")
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in decoded)
    more = "..." if len(payload) > SHOWN_MOST else ""
    return f"{one.at_s:.2f} s {arrow} {one.channel} {text}{more}"
