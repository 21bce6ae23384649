"""What became of each setting, and whether the machine really did what it says."""

from itertools import pairwise

from contract.messages import Receipt, Rep, Setting
from emulator.conformance.judging import applied, every, settings_of
from emulator.conformance.performance import AGAIN, GOOD, REPEATED
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Said, Transcript

SECTION = "receipts"
BASIC_MOST = 5  # the rules after these need a whole agent
ACT, CAPS = "session", "caps"
CUT = "cut"  # its session may be over before the service has heard of its sets


def _has_receipt_first(transcript: Transcript) -> Finding:
    """Each set begins with a receipt: its setting is named by one before the first rep."""
    known = {
        (row.head.session, row.body.setting): row.head.seq
        for row in applied(transcript)
        if isinstance(row.body, Receipt)
    }

    def wrong(row: Row) -> str | None:
        if not isinstance(row.body, Rep):
            return None
        told = known.get((row.head.session, row.body.setting))
        return (
            None
            if told is not None and told < row.head.seq
            else "no receipt says that its setting is applied"
        )

    return every([row for row in transcript.firsts if isinstance(row.body, Rep)], wrong, "no rep came")


def _uses_settings(transcript: Transcript) -> Finding:
    """Look at sets 2 and 3 of the plain session: each done with a setting that came for it."""
    asked = settings_of(transcript)
    good = {one.id for label in (GOOD, AGAIN) for one in transcript.said(ACT, label)}
    used = [row for row in applied(transcript) if row.head.session == transcript.session(ACT)]
    later = [row for row in used if isinstance(row.body, Receipt) and _set_of(asked, row.body) > 1]
    if len(used) < 2:
        return skipped("the second set was not reached")
    strange = [row for row in used[1:] if isinstance(row.body, Receipt) and row.body.setting not in good]
    return (
        failed("not the setting that came in time", *strange)
        if strange or not later
        else passed("used", *later)
    )


def _set_of(asked: dict[str, Setting], receipt: Receipt) -> int:
    found = asked.get(receipt.setting or "")
    return found.set if found else 0


def _honest_receipts(transcript: Transcript) -> Finding:
    asked = settings_of(transcript)

    def wrong(row: Row) -> str | None:
        body = row.body
        setting = asked.get(body.setting or "") if isinstance(body, Receipt) else None
        if not isinstance(body, Receipt) or setting is None:
            return None
        wanted = (setting.load_g, setting.start_cdeg, setting.end_cdeg)
        given = (body.applied.load_g, body.applied.start_cdeg, body.applied.end_cdeg)
        is_less = body.setting in planned and given[0] <= wanted[0]
        return None if given == wanted or is_less else f"applied {given}; the setting says {wanted}"

    planned = {row.id for plan in transcript.entries for row in _rows(plan)}
    found = [row for row in applied(transcript) if isinstance(row.body, Receipt) and row.body.setting]
    return every(found, wrong, "no setting was applied")


def _rows(entry: object) -> tuple[Setting, ...]:
    """Return the rows of a plan that the kit sent; a machine may lower those by itself."""
    return getattr(entry.message, "settings", ()) if isinstance(entry, Said) else ()


def _reps_bear_it(transcript: Transcript) -> Finding:
    given = {
        (row.head.session, row.body.setting): row.body.applied.load_g
        for row in applied(transcript)
        if isinstance(row.body, Receipt)
    }

    def wrong(row: Row) -> str | None:
        body = row.body
        load_g = given.get((row.head.session, body.setting)) if isinstance(body, Rep) else None
        if not isinstance(body, Rep) or load_g is None or load_g == body.load_g:
            return None
        return f"lifted with {body.load_g} g; the receipt says {load_g} g"

    return every([row for row in transcript.firsts if isinstance(row.body, Rep)], wrong, "no rep came")


def _every_fate(transcript: Transcript) -> Finding:
    """Each good setting of a session that has ended is applied, refused or expired; applied only once."""
    ended = {row.head.session for row in transcript.firsts if row.head.kind == "sign_out"}
    given = [
        one
        for one in transcript.entries
        if isinstance(one, Said)
        and one.label in (GOOD, AGAIN)
        and one.act != CUT
        and transcript.session(one.act) in ended
    ]

    def wrong(one: Said) -> str | None:
        results = [row.body.result for row in transcript.receipts(one) if isinstance(row.body, Receipt)]
        if not results:
            return "no receipt came for this setting"
        return "applied more than once" if len(set(results)) > 1 and "applied" in results else None

    return every(given, wrong, "no setting was sent")


def _superseded(transcript: Transcript) -> Finding:
    """Of two settings for one set the older must expire."""
    given = [one for one in transcript.said(ACT) if one.label in (GOOD, AGAIN)]
    older = [
        one
        for one, newer in pairwise(given)
        if isinstance(one.message, Setting)
        and isinstance(newer.message, Setting)
        and one.message.set == newer.message.set
    ]

    def wrong(one: Said) -> str | None:
        results = {row.body.result for row in transcript.receipts(one) if isinstance(row.body, Receipt)}
        return (
            None
            if results <= {"expired", "applied"} and results
            else f"{results or 'no receipt'}; expected expired"
        )

    return every(older, wrong, "no setting was replaced by a newer one")


def _increase_taken(transcript: Transcript) -> Finding:
    wanted = [
        one
        for one in transcript.said(CAPS, GOOD)
        if isinstance(one.message, Setting) and one.message.set == 2
    ]
    used = [row for row in applied(transcript) if row.head.session == transcript.session(CAPS)]
    if not wanted or len(used) < 2:
        return skipped("the second set was not reached")
    body, asked = used[1].body, wanted[0].message
    is_taken = (
        isinstance(body, Receipt) and isinstance(asked, Setting) and body.applied.load_g == asked.load_g
    )
    return (
        passed("taken", wanted[0], used[1])
        if is_taken
        else failed("an increase inside every cap was not used", wanted[0], used[1])
    )


def _repeated(transcript: Transcript) -> Finding:
    given = [one for one in transcript.entries if isinstance(one, Said) and one.label == REPEATED]

    def wrong(one: Said) -> str | None:
        results = [row.body for row in transcript.receipts(one) if isinstance(row.body, Receipt)]
        refused = [body for body in results if body.reason == "SEQ"]
        return "refused SEQ: the same bytes are acknowledged again" if refused else None

    return every(given, wrong, "no setting was repeated")


def _rule(number: int, judge: Judge, does: str, sees: str, act: str = "") -> Rule:
    return Rule(
        id=f"RCPT-{number:02}",
        level="full" if number > BASIC_MOST else "basic",
        section=SECTION,
        does=does,
        sees=sees,
        judge=judge,
        act=act,
    )


RULES: tuple[Rule, ...] = (
    _rule(1, _has_receipt_first, "looks at each rep", "a receipt before it: its setting is applied"),
    _rule(2, _uses_settings, "answers each set_end in time", "the next set done with that setting", ACT),
    _rule(3, _honest_receipts, "compares receipts and settings", "`applied` as the setting says"),
    _rule(4, _reps_bear_it, "compares receipts and reps", "the load of the reps in the receipt"),
    _rule(5, _every_fate, "follows every setting", "a receipt for each"),
    _rule(6, _superseded, "sends a newer setting for the same set", "the older expired", ACT),
    _rule(7, _increase_taken, "asks for the largest step inside every cap", "it used for the next set", CAPS),
    _rule(8, _repeated, "sends a setting twice, byte by byte", "it acknowledged again, not refused", ACT),
)
