"""Identity and numbering: who says a row, which row it is, and that it never changes."""

from contract import codec
from contract.codec import Undecodable
from contract.messages import Rep, SignIn
from emulator.conformance.judging import every
from emulator.conformance.rule import Finding, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Transcript

SECTION = "head-of-a-recorded-message"
NOTHING = "no recorded message came"


def _own_machine(transcript: Transcript) -> Finding:
    foreign = [
        one
        for one in transcript.heard
        if isinstance(one.message, Undecodable) and one.message.reason == "MACHINE"
    ]
    if foreign:
        return failed("the machine in the payload is not the machine of the topic", *foreign)
    return every(transcript.rows, lambda _: None, NOTHING)


def _no_gaps(transcript: Transcript) -> Finding:
    streams: dict[str, set[int]] = {}
    for row in transcript.firsts:
        streams.setdefault(row.head.stream, set()).add(row.head.seq)
    for stream, seqs in streams.items():
        gaps = sorted(set(range(min(seqs), max(seqs) + 1)) - seqs)
        if gaps:
            before = [row for row in transcript.firsts if row.key == (stream, gaps[0] - 1)]
            return failed(f"rows {gaps[:5]} never came", *before)
    return passed(f"{sum(map(len, streams.values()))} rows without a gap") if streams else skipped(NOTHING)


def _one_stream(transcript: Transcript) -> Finding:
    streams: dict[str, set[str]] = {}
    for row in transcript.firsts:
        streams.setdefault(row.head.boot, set()).add(row.head.stream)
    if any(len(found) > 1 for found in streams.values()):
        return failed("two streams in one boot", *transcript.firsts[:1])
    return passed("one stream for each boot") if streams else skipped(NOTHING)


def _same_bytes(transcript: Transcript) -> Finding:
    """Compare rows of the same identity; a full spool may drop the curve."""
    first: dict[tuple[str, int], Row] = {}
    again = 0
    for row in transcript.rows:
        before = first.setdefault(row.key, row)
        if before is row:
            continue
        again += 1
        if codec.body_hash(before.heard.payload) != codec.body_hash(row.heard.payload):
            return failed("the same number came with another content", before, row)
    return passed(f"{again} rows came again, unchanged") if again else skipped("no row came again")


def _monotonic(transcript: Transcript) -> Finding:
    newest: dict[str, Row] = {}
    for row in sorted(transcript.firsts, key=lambda one: one.head.seq):
        before = newest.get(row.head.boot)
        if before is not None and row.head.mono_ms < before.head.mono_ms:
            return failed("mono_ms went back", before, row)
        newest[row.head.boot] = row
    return passed("mono_ms never went back") if newest else skipped(NOTHING)


def _fresh_session(transcript: Transcript) -> Finding:
    signed = [row for row in transcript.firsts if isinstance(row.body, SignIn)]
    sessions = [row.head.session for row in signed]
    nonces = [row.body.nonce for row in signed if isinstance(row.body, SignIn)]
    if None in sessions:
        return failed("a sign_in without a session", *signed[:1])
    if len(set(sessions)) < len(sessions) or len(set(nonces)) < len(nonces):
        return failed("a session or a nonce was used twice", *signed[:2])
    return passed(f"{len(signed)} sign-ins, each with its own") if signed else skipped("nobody signed in")


def _closed_session(transcript: Transcript) -> Finding:
    """Between sign_in and sign_out every row bears the session, and no row after it does."""
    current: str | None = None
    ended: set[str | None] = set()
    known = False
    for row in sorted(transcript.firsts, key=lambda one: one.head.seq):
        if row.head.kind == "sign_in":
            current, known = row.head.session, True
        elif known and row.head.session != current:
            return failed(f"session {row.head.session}, but {current} is open", row)
        if row.head.session is not None and row.head.session in ended:
            return failed("a row of a session after its sign_out", row)
        if row.head.kind == "sign_out":
            ended.add(current)
            current = None
    return passed(f"{len(ended)} sessions closed") if known else skipped("nobody signed in")


def _reps_count(transcript: Transcript) -> Finding:
    counts: dict[tuple[str | None, int], int] = {}
    reps = [row for row in transcript.firsts if isinstance(row.body, Rep)]
    for row in sorted(reps, key=lambda one: one.head.seq):
        if not isinstance(row.body, Rep):
            continue
        key = (row.head.session, row.body.set)
        counts[key] = counts.get(key, 0) + 1
        if row.body.rep != counts[key]:
            return failed(f"rep {row.body.rep} where {counts[key]} was next", row)
    return passed(f"{len(reps)} reps, numbered from 1 in each set") if reps else skipped("no rep came")


RULES: tuple[Rule, ...] = (
    Rule(
        id="HEAD-01",
        level="basic",
        section=SECTION,
        does="compares topic and payload",
        sees="one machine id in both",
        judge=_own_machine,
    ),
    Rule(
        id="HEAD-02",
        level="basic",
        section=SECTION,
        does="collects the numbers of every row",
        sees="no gap in any stream",
        judge=_no_gaps,
    ),
    Rule(
        id="HEAD-03",
        level="basic",
        section=SECTION,
        does="collects streams and boots",
        sees="one stream in a boot",
        judge=_one_stream,
    ),
    Rule(
        id="HEAD-04",
        level="basic",
        section=SECTION,
        does="compares rows that came again",
        sees="the same content under the same number",
        judge=_same_bytes,
    ),
    Rule(
        id="HEAD-05",
        level="basic",
        section=SECTION,
        does="follows mono_ms by seq",
        sees="it never goes back in a boot",
        judge=_monotonic,
    ),
    Rule(
        id="HEAD-06",
        level="basic",
        section=SECTION,
        does="collects sign-ins",
        sees="a new session and a new nonce each time",
        judge=_fresh_session,
    ),
    Rule(
        id="HEAD-07",
        level="basic",
        section=SECTION,
        does="follows each session by seq",
        sees="its id in every row from sign_in to sign_out, and in none after",
        judge=_closed_session,
    ),
    Rule(
        id="HEAD-08",
        level="basic",
        section="training",
        does="counts the reps of each set",
        sees="numbers 1, 2, 3 ... in each set",
        judge=_reps_count,
    ),
)
