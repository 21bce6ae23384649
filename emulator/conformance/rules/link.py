"""The link is cut in a set: the session goes on, nothing rises, and everything is handed in afterwards."""

from contract.messages import Ack, EndedBy, Rep, SetEnd
from contract.topics import WILL_DELAY_S
from emulator.conformance.judging import refused
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Said, Transcript, Wire

ACT = "cut"
BY_ITSELF: frozenset[EndedBy] = frozenset({"target", "effort", "tempo", "range"})
BACK_S = 25.0  # the longest jittered wait is 10 s; a client's own time-outs come on top
WILL_SLACK_S = 3.0
WITHOUT, DELIVERY = "without-the-service", "delivery"


def _moment(transcript: Transcript, what: str) -> tuple[int, Wire] | None:
    found = ((place, one) for place, one in enumerate(transcript.entries) if isinstance(one, Wire))
    return next(((place, one) for place, one in found if one.what == what), None)


def _comes_back(transcript: Transcript) -> Finding:
    back = _moment(transcript, "restored")
    if back is None:
        return skipped("the link was not cut")
    found = [one for one in transcript.wires if one.what == "connect" and one.at_s >= back[1].at_s]
    if not found or found[0].at_s - back[1].at_s > BACK_S:
        return failed(f"no connect within {BACK_S:.0f} s")
    return passed(f"back after {found[0].at_s - back[1].at_s:.1f} s")


def _brings_rows(transcript: Transcript) -> Finding:
    """Compare before and after: what had no ack before the cut must come again."""
    cut, back = _moment(transcript, "cut"), _moment(transcript, "restored")
    if cut is None or back is None:
        return skipped("the link was not cut")
    acks = [
        one.message
        for one in transcript.entries[: cut[0]]
        if isinstance(one, Said) and one.label == "ack" and isinstance(one.message, Ack)
    ]
    newest = acks[-1] if acks else None
    waiting = [
        row
        for row in transcript.firsts
        if row.place < cut[0]
        and (newest is None or row.head.stream != newest.stream or row.head.seq > newest.upto)
    ]
    if not waiting:
        return skipped("every row had been acknowledged before the cut")
    again = {row.key for row in transcript.rows if row.place > back[0]}
    lost = [row for row in waiting if row.key not in again]
    return (
        failed("never came again", *lost) if lost else passed(f"{len(waiting)} rows came again", *waiting[:1])
    )


def _goes_on(transcript: Transcript) -> Finding:
    ends = [row for row in transcript.of(ACT, "set_end") if isinstance(row.body, SetEnd)]
    if len(ends) < 2:
        return failed(f"{len(ends)} of 2 planned sets were finished", *ends)
    odd = [row for row in ends if isinstance(row.body, SetEnd) and row.body.ended_by not in BY_ITSELF]
    return failed("a set was broken off", *odd) if odd else passed("both sets were finished", *ends)


def _nothing_rises(transcript: Transcript) -> Finding:
    reps = [row for row in transcript.of(ACT, "rep") if isinstance(row.body, Rep)]
    if not reps:
        return skipped("no rep came")
    first = reps[0].body
    higher = [
        row
        for row in reps
        if isinstance(row.body, Rep) and isinstance(first, Rep) and row.body.load_g > first.load_g
    ]
    return (
        failed("a load rose while the service was away", *higher)
        if higher
        else passed("nothing rose", reps[-1])
    )


def _leaves_a_will(transcript: Transcript) -> Finding:
    cut = _moment(transcript, "cut")
    if cut is None:
        return skipped("the link was not cut")
    told = [heard for heard, status in transcript.statuses if heard.at_s > cut[1].at_s and not status.online]
    if not told:
        return failed("no status with online false came")
    late_s = told[0].at_s - cut[1].at_s
    if WILL_DELAY_S - 1 <= late_s <= WILL_DELAY_S + WILL_SLACK_S:
        return passed(f"told after {late_s:.1f} s", told[0])
    return failed(f"told after {late_s:.1f} s; the will waits {WILL_DELAY_S} s", told[0])


def _nothing_waits(transcript: Transcript) -> Finding:
    """Look for a receipt of what was sent while the machine was away: it must never reach it."""
    said = transcript.said(ACT, "hold-while-away")
    if not said:
        return skipped("the link was not cut")
    found = transcript.receipts(said[0])
    return (
        failed("a command waited at the broker", said[0], *found)
        if found
        else passed("it never came", said[0])
    )


def _rule(number: int, judge: Judge, does: str, sees: str, section: str) -> Rule:
    return Rule(
        id=f"LINK-{number:02}",
        level="full",
        section=section,
        does=does,
        sees=sees,
        judge=judge,
        act=ACT,
        door=True,
    )


RULES: tuple[Rule, ...] = (
    _rule(1, _comes_back, "cuts the link in a set, and restores it", "a connect", DELIVERY),
    _rule(2, _brings_rows, "cuts the link before an ack", "the rows again after the connect", DELIVERY),
    _rule(3, _goes_on, "cuts the link in the first set", "both planned sets finished", WITHOUT),
    _rule(4, _nothing_rises, "cuts the link in the first set", "no load above the first set's", WITHOUT),
    _rule(5, _leaves_a_will, "cuts the link", "the will, 5 s later", "connecting"),
    _rule(
        6,
        _nothing_waits,
        "sends a hold while the machine is away",
        "no receipt: nothing waits at the broker",
        "connecting",
    ),
    _rule(
        7,
        refused(ACT, "setting-retained", "RETAINED"),
        "leaves a retained setting at the broker",
        "refused, RETAINED",
        "accepting-a-setting",
    ),
)
