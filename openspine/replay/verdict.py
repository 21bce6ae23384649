"""How a replay of messages ends: whether it is whole, was answered, and decided what is golden."""

from collections.abc import Sequence
from pathlib import Path

from emulator.replay.golden import Comparison
from emulator.replay.messages import MessageReport
from openspine.outcome import ExitCode, say

SHOWN_MOST = 40  # lines of a difference; the count says how many there are
KNOWN = "a service that has the recording already answers nothing again"


def unfinished(report: MessageReport, *, is_judged: bool) -> ExitCode:
    """Say why it is not whole; nothing is compared then, and nothing kept: who asked for that is told so."""
    if report.problem is not None:
        say(
            f"openspine: {report.problem}; {report.acknowledged} of {report.rows} rows are committed, and are"
        )
        say("  not stored twice when the recording is played again")
        return ExitCode.UNREACHABLE
    say(f"stopped by hand; {report.rows} rows were sent, {report.acknowledged} are committed")
    if not is_judged:
        return ExitCode.OK
    say("openspine: stopped before its end: nothing was compared, and no golden line was written")
    return ExitCode.FAILED


def unanswered(report: MessageReport) -> str | None:
    """Say what is wrong when a service took nothing, or gave nobody who signed in a plan."""
    if report.rows and report.rejected == report.rows:
        return f"all {report.rows} rows were rejected"
    if report.people and not report.plans:
        return f"no plan came for {report.people} sign-ins: {KNOWN}"
    return None


def differs(found: Comparison, path: Path | None, lines: Sequence[bytes]) -> ExitCode:
    """Say where what was decided differs from the golden lines."""
    say(f"openspine: what was decided differs from {path} ({found.equal} equal)")
    told = [f"  - only golden: {one}" for one in found.missing]
    told += [f"  + only now: {one}" for one in found.unexpected]
    told += [f"  ! {one}" for one in found.different]
    for one in told[:SHOWN_MOST]:
        say(one)
    if len(told) > SHOWN_MOST:
        say(f"  and {len(told) - SHOWN_MOST} more")
    if not lines:
        say(f"  nothing was decided: {KNOWN}")
    return ExitCode.DIFFERS
