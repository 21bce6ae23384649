"""What is asked before the first set; sets and their reps; the end of a set, told at once."""

from contract.messages import Answer, Gravity, Rep, SetEnd
from emulator.conformance.judging import every, is_training, settings_of
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Transcript

SET_END_MOST_MS = 5_000  # from the last rep: a set may also end 4 s after it, at the start
ACT = "session"
NO_SET = "no set was trained"


def _completes(transcript: Transcript) -> Finding:
    ends = transcript.of(ACT, "set_end")
    gone = transcript.of(ACT, "sign_out")
    if not gone:
        return failed("the session never ended with a sign_out", *ends[-1:])
    if len(ends) < 3:
        return failed(f"{len(ends)} of 3 sets were done", *ends)
    return passed("three sets and a sign_out", *gone)


def _first_start(transcript: Transcript) -> Row | None:
    return next((row for row in transcript.of(ACT) if is_training(row)), None)


def _is_asked(transcript: Transcript) -> Finding:
    start = _first_start(transcript)
    if start is None:
        return skipped(NO_SET)
    before = [row for row in transcript.of(ACT, "answer") if row.head.seq < start.head.seq]
    asked = [row for row in before if isinstance(row.body, Answer) and row.body.question == "pain_before"]
    return passed("answered", *asked) if asked else failed("trained before pain_before was answered", start)


def _is_weighed(transcript: Transcript) -> Finding:
    start = _first_start(transcript)
    if start is None:
        return skipped(NO_SET)
    found = [row for row in transcript.of(ACT, "gravity") if row.head.seq < start.head.seq]
    if not found:
        return failed("trained before gravity was measured", start)
    body = found[0].body
    enough = isinstance(body, Gravity) and len(set(body.deg)) >= 3 and len(body.deg) == len(body.nm)
    return (
        passed("weighed", *found) if enough else failed("three different angles, a torque for each", *found)
    )


def _set_counts(transcript: Transcript) -> Finding:
    def wrong(row: Row) -> str | None:
        end = row.body
        if not isinstance(end, SetEnd):
            return None
        reps = [rep for rep in _reps(transcript, row.head.session, end.set) if rep[0].head.seq < row.head.seq]
        partial = sum("partial" in rep.quality for _, rep in reps)
        found = (len(reps) - partial, partial)
        return (
            None
            if found == (end.reps, end.partial_reps)
            else f"{found[0]} whole and {found[1]} partial reps came"
        )

    return every([row for row in transcript.firsts if isinstance(row.body, SetEnd)], wrong, NO_SET)


def _reps(transcript: Transcript, session: str | None, number: int) -> list[tuple[Row, Rep]]:
    return [
        (row, row.body)
        for row in transcript.firsts
        if isinstance(row.body, Rep) and (row.head.session, row.body.set) == (session, number)
    ]


def _set_end_at_once(transcript: Transcript) -> Finding:
    """No answer about a set stands before its end, and the end follows the last rep soon."""

    def wrong(row: Row) -> str | None:
        end = row.body
        if not isinstance(end, SetEnd):
            return None
        before = [
            one
            for one in transcript.firsts
            if one.head.session == row.head.session and one.head.seq < row.head.seq
        ]
        if any(isinstance(one.body, Answer) and one.body.set == end.set for one in before):
            return "an answer about this set stands before its end"
        reps = [one for one in before if isinstance(one.body, Rep) and one.body.set == end.set]
        late_ms = row.head.mono_ms - max((one.head.mono_ms for one in reps), default=row.head.mono_ms)
        return (
            f"{late_ms} ms after the last rep"
            if end.ended_by == "target" and late_ms > SET_END_MOST_MS
            else None
        )

    return every([row for row in transcript.firsts if isinstance(row.body, SetEnd)], wrong, NO_SET)


def _not_more_reps(transcript: Transcript) -> Finding:
    asked = settings_of(transcript)

    def wrong(row: Row) -> str | None:
        end = row.body
        if not isinstance(end, SetEnd) or end.setting not in asked:
            return None
        most = asked[end.setting].reps
        return None if end.reps <= most else f"{end.reps} reps; {most} were asked"

    return every([row for row in transcript.firsts if isinstance(row.body, SetEnd)], wrong, NO_SET)


def _rule(number: int, judge: Judge, does: str, sees: str, act: str = "") -> Rule:
    return Rule(
        id=f"TRAIN-{number:02}",
        level="basic",
        section="training",
        does=does,
        sees=sees,
        judge=judge,
        act=act,
    )


RULES: tuple[Rule, ...] = (
    _rule(1, _completes, "plays a session of three sets", "three set_end and a sign_out", ACT),
    _rule(2, _is_asked, "asks pain_before", "the answer before the first set", ACT),
    _rule(3, _is_weighed, "plans sets under load", "gravity at three angles before the first", ACT),
    _rule(4, _set_counts, "counts the reps of each set", "the same counts in set_end"),
    _rule(5, _set_end_at_once, "looks at each set_end", "sent at once: before any answer about the set"),
    _rule(6, _not_more_reps, "looks at each set_end", "no more reps than asked"),
)
