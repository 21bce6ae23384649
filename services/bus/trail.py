"""The way from a row to a setting in the log: one line for a decision, one for what a broker took."""

from collections.abc import Callable, Sequence
from typing import Any

from services.coaching import Trace

Note = Callable[..., Any]


def unnoted(_event: str, **_facts: object) -> None:
    """Note nothing."""


def note_decided(note: Note, traces: Sequence[Trace]) -> None:
    """Note each decision by its id, with the row that led to it, the reps of its set, and its settings."""
    for one in traces:
        head = one.head
        note(
            "decided",
            decision=one.decision,
            origin=one.origin,
            machine=head.machine,
            stream=head.stream,
            seq=head.seq,
            kind=head.kind,
            session=one.session,
            side=one.side,
            set=one.set,
            reps=one.reps,
            settings=one.settings,
            sent=one.sent,
        )


def note_published(note: Note, messages: Sequence[str]) -> None:
    """Note which messages the broker has taken since, in one line."""
    if messages:
        note("published", messages=messages)
