"""Nothing lost, nothing twice: a row is sent until the service has committed it, and then never again."""

from collections.abc import Iterator

from contract.messages import Ack
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Said, Transcript, Wire

PLACES = 64  # un-committed rows on their way
CROSSING_S = 1.5  # a row and the ack for it may cross
EARLY_S = 2.0  # a broker and a busy computer between two clocks
QUIET_ACT, FULL_ACT = "session", "window"
HONEST = "ack"
EVENTS = ("event", "receipt")


def _acks(transcript: Transcript) -> Iterator[tuple[int, Said, Ack]]:
    for place, one in enumerate(transcript.entries):
        if isinstance(one, Said) and one.label == HONEST and isinstance(one.message, Ack):
            yield place, one, one.message


def _covers(ack: Ack, row: Row) -> bool:
    is_gap = any(low <= row.head.seq <= high for low, high in ack.missing)
    return ack.stream == row.head.stream and row.head.seq <= ack.upto and not is_gap


def _comes_again(transcript: Transcript) -> Finding:
    """Look at the silence after the second set: a row of it must come again before its end."""
    ends = transcript.of(QUIET_ACT, "set_end")
    if len(ends) < 2:
        return skipped("the second set was not reached")
    start = ends[1].place
    stop = next((place for place, _, _ in _acks(transcript) if place > start), len(transcript.entries))
    quiet = [row for row in transcript.rows if start <= row.place < stop]
    seen: dict[tuple[str, int], Row] = {}
    for row in quiet:
        if row.key in seen:
            return passed(f"again after {row.at_s - seen[row.key].at_s:.1f} s", seen[row.key], row)
        seen[row.key] = row
    return failed(f"{len(seen)} rows waited for an ack, and none came again", *quiet[:1])


def _backs_off(transcript: Transcript) -> Finding:
    """Without a new connection no row comes again before the least back-off."""
    least_s = transcript.times.retry_least_s - EARLY_S
    last: dict[tuple[str, int], Row] = {}
    again = 0
    connects = [place for place, one in enumerate(transcript.entries) if isinstance(one, Wire)]
    for row in transcript.rows:
        before = last.get(row.key)
        last[row.key] = row
        if before is None or any(before.place < place < row.place for place in connects):
            continue
        again += 1
        if row.at_s - before.at_s < least_s:
            return failed(f"again after {row.at_s - before.at_s:.1f} s", before, row)
    return passed(f"{again} retries, none too early") if again else skipped("no row came again")


def _never_again(transcript: Transcript) -> Finding:
    """Follow every row that came again: no honest ack had covered it."""
    told = [(place, said, ack) for place, said, ack in _acks(transcript)]
    for row in _repeats(transcript):
        covered = [said for place, said, ack in told if place < row.place and _covers(ack, row)]
        if covered and row.at_s - covered[0].at_s > CROSSING_S:
            return failed("a committed row came again", covered[0], row)
    return (
        passed(f"{len(transcript.firsts)} rows, no committed one came again")
        if told
        else skipped("no ack was sent")
    )


def _repeats(transcript: Transcript) -> list[Row]:
    first = {id(row) for row in transcript.firsts}
    return [row for row in transcript.rows if id(row) not in first]


def _missing_again(transcript: Transcript) -> Finding:
    heard = {row.key: row for row in reversed(transcript.firsts)}
    for place, said, ack in _acks(transcript):
        for low, high in ack.missing:
            row = heard.get((ack.stream, low))
            if low != high or row is None or row.place > place:
                continue
            again = [one for one in transcript.rows if one.key == row.key and one.place > place]
            return (
                passed("came again", row, said, *again[:1])
                if again
                else failed("it never came again", row, said)
            )
    return skipped("no row was said to be missing: the silence before it showed nothing")


def _rejected_stays(transcript: Transcript) -> Finding:
    told: dict[tuple[str, int], tuple[int, Said | None]] = {}
    for at, spoken, ack in _acks(transcript):
        for one in ack.rejected:
            told.setdefault((ack.stream, one.seq), (at, spoken))
    for row in _repeats(transcript):
        place, said = told.get(row.key, (len(transcript.entries), None))
        if said is not None and place < row.place and row.at_s - said.at_s > CROSSING_S:
            return failed("a rejected row came again", said, row)
    return passed(f"{len(told)} rejected rows stayed away") if told else skipped("no row was rejected")


def _window(transcript: Transcript) -> Finding:
    """Count, at every row, how many are on their way; only a full window shows anything."""
    open_rows: dict[tuple[str, int], Row] = {}
    rows = {row.place: row for row in transcript.rows}
    most = 0
    for place, one in enumerate(transcript.entries):
        row = rows.get(place)
        if row is not None:
            open_rows[row.key] = row
        elif isinstance(one, Said) and one.label == HONEST and isinstance(one.message, Ack):
            rejected = {(one.message.stream, each.seq) for each in one.message.rejected}
            open_rows = {
                key: row
                for key, row in open_rows.items()
                if not _covers(one.message, row) and key not in rejected
            }
        most = max(most, len(open_rows))
        if most > PLACES and row is not None:
            return failed(f"{most} rows on their way without an ack", row)
    if not transcript.said(FULL_ACT, "ack-of-another-stream"):
        return skipped(f"at most {most} rows were on their way: its window was never full")
    return passed(f"at most {most} rows on their way")


def _false_ack(label: str) -> Judge:
    def judge(transcript: Transcript) -> Finding:
        said = transcript.said(FULL_ACT, label)
        if not said:
            return skipped("its window was never full")
        start = transcript.place(said[0])
        stop = next((place for place, _, _ in _acks(transcript) if place > start), len(transcript.entries))
        before = {row.key for row in transcript.firsts if row.place < start}
        again = [row for row in transcript.rows if start < row.place <= stop and row.key in before]
        return (
            passed("rows were kept", said[0], *again[:1])
            if again
            else failed("it was believed: no row came again", said[0])
        )

    return judge


def _in_order(transcript: Transcript) -> Finding:
    """Within a lane (events; everything else of one session) rows come in the order of their numbers."""
    newest: dict[tuple[str, str | None, bool], Row] = {}
    for row in transcript.firsts:
        is_event = row.head.kind in EVENTS
        lane = (row.head.stream, None if is_event else row.head.session, is_event)
        before = newest.get(lane)
        if before is not None and row.head.seq < before.head.seq:
            return failed("out of order in its lane", before, row)
        newest[lane] = row
    return (
        passed(f"{len(transcript.firsts)} rows in order") if newest else skipped("no recorded message came")
    )


def _rule(number: int, judge: Judge, does: str, sees: str, act: str = "", section: str = "delivery") -> Rule:
    return Rule(
        id=f"DEL-{number:02}",
        level="full" if act == FULL_ACT else "basic",
        section=section,
        does=does,
        sees=sees,
        judge=judge,
        act=act,
    )


RULES: tuple[Rule, ...] = (
    _rule(1, _comes_again, "sends no ack after the second set", "a row again after its back-off", QUIET_ACT),
    _rule(2, _backs_off, "measures how soon rows come again", "not before 10 s, unless it connected anew"),
    _rule(3, _never_again, "acknowledges rows", "none of them again", section="acknowledgement"),
    _rule(4, _missing_again, "says that one row is missing", "that row again", QUIET_ACT, "acknowledgement"),
    _rule(5, _rejected_stays, "rejects a row", "it never again", QUIET_ACT, "acknowledgement"),
    _rule(6, _in_order, "follows each lane", "rows in the order of their numbers"),
    _rule(7, _window, "sends no ack until 66 rows wait", "at most 64 rows on their way", FULL_ACT),
    _rule(
        8,
        _false_ack("ack-of-another-stream"),
        "acknowledges another stream",
        "the rows again",
        FULL_ACT,
        "acknowledgement",
    ),
    _rule(
        9,
        _false_ack("ack-with-unknown-field"),
        "acknowledges with an unknown field",
        "the rows again",
        FULL_ACT,
        "acknowledgement",
    ),
)
