"""A rule is a value: what is done, what must be seen, where the protocol page says so, and who judges it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from emulator.conformance.transcript import Heard, Row, Said, Transcript, shown

Level = Literal["basic", "full"]
Result = Literal["pass", "fail", "skip"]
LEVELS: tuple[Level, ...] = ("basic", "full")
EVIDENCE_MOST = 4  # pieces that a report shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found, one sentence why, and the messages that show it."""

    result: Result
    note: str
    evidence: tuple[str, ...] = ()


Judge = Callable[[Transcript], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement; `act` is the session in which it is provoked, "" when every session shows it.

    `assisted`: somebody at the machine must act. `door`: the machine must come through the kit's own port.
    """

    id: str
    level: Level
    section: str
    does: str
    sees: str
    judge: Judge
    act: str = ""
    assisted: bool = False
    door: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A rule and what it found."""

    rule: Rule
    finding: Finding


def passed(note: str, *evidence: Heard | Said | Row) -> Finding:
    """Make a pass."""
    return Finding(result="pass", note=note, evidence=_trimmed(evidence))


def failed(note: str, *evidence: Heard | Said | Row) -> Finding:
    """Make a failure."""
    return Finding(result="fail", note=note, evidence=_trimmed(evidence))


def skipped(reason: str) -> Finding:
    """Say why a rule could not be judged."""
    return Finding(result="skip", note=reason)


def judged(rule: Rule, transcript: Transcript) -> Verdict:
    """Judge one rule; what nobody could see is skipped with the reason."""
    if rule.door and not transcript.wires:
        return Verdict(
            rule=rule, finding=skipped("the machine does not come through the kit's port (--listen)")
        )
    if rule.act and transcript.session(rule.act) is None:
        why = "nobody at the machine acts (--operator)" if rule.assisted else "not reached"
        return Verdict(rule=rule, finding=skipped(f"act {rule.act!r}: {why}"))
    return Verdict(rule=rule, finding=rule.judge(transcript))


def _trimmed(evidence: tuple[Heard | Said | Row, ...]) -> tuple[str, ...]:
    return tuple(shown(one) for one in evidence[:EVIDENCE_MOST])
