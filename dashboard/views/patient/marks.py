"""What is marked beside the training of a person: tests, changes of phase, breaks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from dashboard.api.papers import Assessments, Try, list_tests
from dashboard.api.people import Patient
from dashboard.api.programmes import Phases, read_phase
from dashboard.api.progress import Progress
from dashboard.charts.timeline import SIGNS, Beside, Break, Mark
from dashboard.format import Formatter, whole
from dashboard.screen import Screen

BREAK = timedelta(days=14)  # clinical rules, "away": from the fifteenth day on the dose is taken back


def beside(screen: Screen, patient: Patient, progress: Progress, kind: str) -> Beside:
    """Gather the marks of one station; what cannot be read is not marked."""
    show = screen.show
    tests, phases = list_tests(screen.client, patient.id), read_phase(screen.client, patient.id)
    marks = test_marks(tests.tries, kind, show) if isinstance(tests, Assessments) else []
    marks += phase_marks(phases, show) if isinstance(phases, Phases) else []
    return Beside(
        marks=tuple(sorted(marks, key=lambda mark: mark.at)), breaks=tuple(breaks(visit_days(progress), show))
    )


def test_marks(tries: Sequence[Try], kind: str, show: Formatter) -> list[Mark]:
    """Mark each day of a test of a station once, with the best of its tries."""
    best: dict[tuple[str, str], Try] = {}
    for one in tries:
        if one.kind == kind:
            key = (show.day(one.at), one.test)
            best[key] = max(best.get(key, one), one, key=_result)
    return [Mark(at=one.at, kind="test", words=_test_words(one, show)) for one in best.values()]


def _result(one: Try) -> float:
    return one.range_deg if one.test == "mobility" else one.mean_3s_nm or one.peak_nm


def _test_words(one: Try, show: Formatter) -> str:
    if one.test == "mobility":
        return show.say(
            "{day}: mobility test, range {range}°", day=show.day(one.at), range=whole(one.range_deg)
        )
    if not one.mean_3s_nm:  # the signed limit opened the lock: a peak, and no three seconds
        return show.say(
            "{day}: strength test, more than its limit of {torque} Nm",
            day=show.day(one.at),
            torque=whole(one.peak_nm),
        )
    return show.say(
        "{day}: strength test, best {torque} Nm", day=show.day(one.at), torque=whole(one.mean_3s_nm)
    )


def phase_marks(phases: Phases, show: Formatter) -> list[Mark]:
    """Mark each change of phase with who signed it."""
    return [
        Mark(
            at=change.at,
            kind="phase",
            words=show.say(
                "{day}: {phase}, signed by {who}",
                day=show.day(change.at), phase=show.word(change.phase), who=change.by,
            ),
        )
        for change in phases.history
    ]  # fmt: skip


def visit_days(progress: Progress) -> list[datetime]:
    """List when the person trained anything at all, oldest first."""
    return sorted({point.at for series in progress.series for point in series.points})


def breaks(days: Sequence[datetime], show: Formatter) -> list[Break]:
    """Find the times of more than fourteen days without training."""
    return [
        Break(
            begins=before,
            ends=after,
            words=show.say("{day}: {count} days away", day=show.day(after), count=(after - before).days),
        )
        for before, after in pairwise(days)
        if after - before > BREAK
    ]


def mark_lines(found: Beside, show: Formatter) -> list[str]:
    """Say in words what is marked, in the order of time; the signs are those of the chart."""
    told = [(mark.at, f"{SIGNS[mark.kind]} {mark.words}") for mark in found.marks]
    told += [(one.ends, f"{show.say('Grey field')}: {one.words}") for one in found.breaks]
    return [words for _, words in sorted(told)]
