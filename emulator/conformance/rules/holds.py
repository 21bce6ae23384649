"""Staff stop from afar, and the person stops at the machine: nothing on the network undoes either."""

from contract.messages import Event, Receipt, SetEnd
from emulator.conformance.judging import fate, refused
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Transcript

SECTION, BUTTONS = "holds", "buttons"
AT_ONCE_MS = 1_000  # from the button to the end of the set


def _obeyed(act: str, label: str, ended_by: str) -> Judge:
    """Judge that a hold was obeyed: a receipt, and the set that ran is over."""

    def judge(transcript: Transcript) -> Finding:
        said = transcript.said(act, label)
        if not said:
            return skipped(f"the session of act {act!r} did not get as far as {label!r}")
        receipts = [row for row in fate(transcript, said[0]) if _is_applied(row)]
        if not receipts:
            return failed("no receipt says that it was applied", said[0])
        ends = [row for row in transcript.of(act, "set_end") if row.at_s >= said[0].at_s]
        if not ends or not isinstance(ends[0].body, SetEnd) or ends[0].body.ended_by != ended_by:
            return failed(f"no set_end {ended_by} followed", said[0], *ends[:1])
        return passed("obeyed", said[0], ends[0], receipts[0])

    return judge


def _is_applied(row: Row) -> bool:
    return isinstance(row.body, Receipt) and row.body.result == "applied"


def _told(act: str, label: str) -> Judge:
    """Judge that a hold has a receipt `applied`."""

    def judge(transcript: Transcript) -> Finding:
        said = transcript.said(act, label)
        if not said:
            return skipped(f"the session of act {act!r} did not get as far as {label!r}")
        found = [row for row in fate(transcript, said[0]) if _is_applied(row)]
        return passed("applied", said[0], *found) if found else failed("no receipt says so", said[0])

    return judge


def _state_after(act: str, label: str, state: str) -> Judge:
    """Judge that a status says the state soon after a hold."""

    def judge(transcript: Transcript) -> Finding:
        said = transcript.said(act, label)
        if not said:
            return skipped(f"the session of act {act!r} did not get as far as {label!r}")
        found = [
            heard
            for heard, status in transcript.statuses
            if heard.at_s >= said[0].at_s and status.state == state
        ]
        return passed("told", said[0], found[0]) if found else failed(f"no status says {state!r}", said[0])

    return judge


def _stands_still(act: str, ended_by: str) -> Judge:
    """Judge that after the end nothing is trained in this session any more, and the state stays."""

    def judge(transcript: Transcript) -> Finding:
        end = _end(transcript, act, ended_by)
        if end is None:
            return skipped(f"no set ended by {ended_by}")
        later = [row for row in transcript.of(act) if row.head.seq > end.head.seq]
        moved = [row for row in later if row.head.kind == "rep" or (_is_applied(row) and _is_setting(row))]
        if moved:
            return failed("trained although stopped", end, *moved)
        gone_s = next((row.at_s for row in later if row.head.kind == "sign_out"), float("inf"))
        stopped_s = next(
            (
                heard.at_s
                for heard, status in transcript.statuses
                if heard.at_s >= end.at_s - 1 and status.state == "stopped"
            ),
            None,
        )
        if stopped_s is None:
            return failed("no status says 'stopped'", end)
        left = [
            heard
            for heard, status in transcript.statuses
            if stopped_s <= heard.at_s < gone_s - 1
            and status.online
            and status.state in ("ready", "working", "rest")
        ]
        return (
            failed("left the stop while the person was there", *left) if left else passed("stands still", end)
        )

    return judge


def _is_setting(row: Row) -> bool:
    return isinstance(row.body, Receipt) and row.body.setting is not None


def _end(transcript: Transcript, act: str, ended_by: str) -> Row | None:
    found = (
        row
        for row in transcript.of(act, "set_end")
        if isinstance(row.body, SetEnd) and row.body.ended_by == ended_by
    )
    return next(found, None)


def _pain_event(transcript: Transcript) -> Finding:
    found = [
        row
        for row in transcript.of("pain", "event")
        if isinstance(row.body, Event) and row.body.what == "pain"
    ]
    return passed("told", *found) if found else failed("no event pain came: was the button pressed?")


def _pain_ends_set(transcript: Transcript) -> Finding:
    """Buttons act before they tell: the set ends with the event, before any question."""
    end = _end(transcript, "pain", "pain")
    events = [
        row
        for row in transcript.of("pain", "event")
        if isinstance(row.body, Event) and row.body.what == "pain"
    ]
    if end is None or not events:
        return failed("no set_end by pain came", *events)
    late_ms = abs(end.head.mono_ms - events[0].head.mono_ms)
    return (
        passed(f"{late_ms} ms", events[0], end)
        if late_ms <= AT_ONCE_MS
        else failed(f"{late_ms} ms apart", events[0], end)
    )


def _rule(number: int, judge: Judge, does: str, sees: str, act: str, *, basic: bool = False) -> Rule:
    return Rule(
        id=f"HOLD-{number:02}",
        level="basic" if basic else "full",
        section=SECTION,
        does=does,
        sees=sees,
        judge=judge,
        act=act,
        assisted=act == "pause",
        door=act == "cut",
    )


def _pain_rule(number: int, judge: Judge, does: str, sees: str) -> Rule:
    return Rule(
        id=f"PAIN-{number:02}",
        level="full",
        section=BUTTONS,
        does=does,
        sees=sees,
        judge=judge,
        act="pain",
        assisted=True,
    )


RULES: tuple[Rule, ...] = (
    _rule(
        1,
        _obeyed("stop", "hold-stop", "staff"),
        "stops a set, unsigned",
        "a set_end staff and a receipt applied",
        "stop",
        basic=True,
    ),
    _rule(
        2,
        _state_after("stop", "hold-stop", "stopped"),
        "stops a set",
        "a status that says stopped",
        "stop",
        basic=True,
    ),
    _rule(
        3,
        refused("stop", "after-stop", "STATE"),
        "sends a good setting after the stop",
        "refused, STATE",
        "stop",
        basic=True,
    ),
    _rule(
        4,
        _stands_still("stop", "staff"),
        "waits after the stop",
        "nothing trained until staff clear it at the machine",
        "stop",
        basic=True,
    ),
    _rule(5, _told("stop", "hold-repeated"), "stops again", "a receipt applied again", "stop"),
    _rule(6, _told("freeze", "hold-freeze"), "freezes the session", "a receipt applied", "freeze"),
    _rule(
        7,
        refused("freeze", "below-hold", "HELD"),
        "sends a setting with a lower number than the hold",
        "refused, HELD",
        "freeze",
    ),
    _rule(
        8,
        refused("freeze", "no-evidence", "EVIDENCE"),
        "asks for an increase after a freeze",
        "refused, EVIDENCE",
        "freeze",
    ),
    _rule(
        9,
        _obeyed("pause", "hold-pause", "staff"),
        "pauses a set",
        "a set_end staff and a receipt applied",
        "pause",
    ),
    _rule(
        10,
        _state_after("pause", "hold-pause", "paused"),
        "pauses a set",
        "a status that says paused",
        "pause",
    ),
    _rule(
        11,
        refused("cut", "hold-retained", "RETAINED"),
        "leaves a retained stop at the broker",
        "refused, RETAINED: not obeyed",
        "cut",
    ),
    _pain_rule(1, _pain_event, "has Pain pressed in a set", "an event pain"),
    _pain_rule(2, _pain_ends_set, "has Pain pressed in a set", "a set_end pain within a second of it"),
    _pain_rule(
        3, refused("pain", "after-stop", "STATE"), "sends a good setting after Pain", "refused, STATE"
    ),
    _pain_rule(
        4,
        _stands_still("pain", "pain"),
        "waits after Pain",
        "nothing trained until staff clear it at the machine",
    ),
)
