"""What many judges share: look at every message of a kind; follow one command to its receipt."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from contract.messages import Receipt, Rep, Setting
from emulator.conformance.rule import Finding, Judge, failed, passed, skipped
from emulator.conformance.transcript import Heard, Row, Said, Transcript

One = TypeVar("One", bound=Heard | Said | Row)


def every(found: Sequence[One], wrong: Callable[[One], str | None], none: str) -> Finding:
    """Pass when nothing is wrong with any; skip with `none` when there is nothing to look at."""
    for one in found:
        if (problem := wrong(one)) is not None:
            return failed(problem, one)
    return passed(f"{len(found)} seen, all right", *found[:1]) if found else skipped(none)


def most_within(seconds: float, times: Sequence[float]) -> int:
    """Count how many lie in the fullest stretch of so many seconds; times in order (s)."""
    most = first = 0
    for last, at_s in enumerate(times):
        while times[first] <= at_s - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def is_training(row: Row) -> bool:
    """Tell whether a row is a rep, or a setting that was put on the drive."""
    return isinstance(row.body, Rep) or (isinstance(row.body, Receipt) and row.body.result == "applied")


def applied(transcript: Transcript) -> list[Row]:
    """Return every receipt of something that was applied."""
    return [
        row for row in transcript.firsts if isinstance(row.body, Receipt) and row.body.result == "applied"
    ]


def settings_of(transcript: Transcript) -> dict[str, Setting]:
    """Return every setting that the kit gave, the plans' rows included."""
    found: dict[str, Setting] = {}
    for one in transcript.entries:
        if isinstance(one, Said) and one.message is not None:
            rows = getattr(one.message, "settings", ())
            found |= {row.id: row for row in rows}
            if isinstance(one.message, Setting):
                found[one.message.id] = one.message
    return found


def refused(act: str, label: str, reason: str) -> Judge:
    """Judge that a probe was refused for its reason, and never put on the drive."""

    def judge(transcript: Transcript) -> Finding:
        said = transcript.said(act, label)
        if not said:
            return skipped(f"the session of act {act!r} did not get as far as {label!r}")
        fates = fate(transcript, said[0])
        if not fates:
            return failed(f"no receipt came; expected refused {reason}", said[0])
        for row in fates:
            body = row.body
            if isinstance(body, Receipt) and (body.result, body.reason) != ("refused", reason):
                return failed(f"{body.result} {body.reason or ''}; expected refused {reason}", said[0], row)
        return passed(f"refused {reason}", said[0], fates[0])

    return judge


def fate(transcript: Transcript, said: Said) -> tuple[Row, ...]:
    """Find the receipts of a command: by id; what could not be read has none, and is found by its time."""
    named = transcript.receipts(said)
    if named:
        return named
    later_s = min(
        (one.at_s for one in transcript.said(said.act) if one.at_s > said.at_s and one.label in UNREADABLE),
        default=float("inf"),
    )
    if said.label not in UNREADABLE:
        return ()
    return tuple(
        row
        for row in transcript.of(said.act, "receipt")
        if said.at_s <= row.at_s < later_s
        and isinstance(row.body, Receipt)
        and row.body.setting is None
        and row.body.hold is None
    )[:1]


UNREADABLE = frozenset({"unknown-field", "not-json", "too-long", "plan-unknown-field"})
