"""Who signs in, and what a machine does before a plan has come, or when none comes."""

from contract.messages import SignIn
from emulator.conformance.judging import every, is_training
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Transcript

ACT = "session"
FULL = ("nobody", "rejected")
NOBODY = "nobody signed in"


def _signs_in(transcript: Transcript) -> Finding:
    found = [row for row in transcript.firsts if isinstance(row.body, SignIn)]
    return passed(f"{len(found)} sign-ins", *found[:1]) if found else failed("nobody signed in")


def _one_identity(transcript: Transcript) -> Finding:
    def wrong(row: Row) -> str | None:
        body = row.body
        if not isinstance(body, SignIn):
            return None
        is_code = body.code is not None and body.pin_proof is not None
        return (
            None
            if (body.badge is not None) != is_code
            else "either a badge, or a code and the proof of a PIN"
        )

    return every([row for row in transcript.firsts if isinstance(row.body, SignIn)], wrong, NOBODY)


def _own_badge(transcript: Transcript) -> Finding:
    if transcript.badge is None:
        return skipped("the kit was told no badge (--badge)")
    wanted = transcript.badge
    return every(
        [row for row in transcript.firsts if isinstance(row.body, SignIn)],
        lambda row: (
            None
            if isinstance(row.body, SignIn) and (row.body.badge or row.body.code or "").startswith(wanted)
            else f"not the badge that was scanned ({wanted}...)"
        ),
        NOBODY,
    )


def _waits_for_plan(transcript: Transcript) -> Finding:
    plans = transcript.said(ACT, "plan")
    trained = [row for row in transcript.of(ACT) if is_training(row)]
    if not plans or not trained:
        return skipped("no set was trained")
    early = [row for row in trained if row.at_s < plans[0].at_s]
    return (
        failed("trained before the plan came", *early)
        if early
        else passed("trained after the plan", trained[0])
    )


def _sends_away(act: str) -> Judge:
    def judge(transcript: Transcript) -> Finding:
        trained = [row for row in transcript.of(act) if is_training(row)]
        if trained:
            return failed("trained without a plan", *trained)
        gone = transcript.of(act, "sign_out")
        return (
            passed("signed out at once", *gone)
            if gone
            else failed("no sign_out came", *transcript.of(act)[:1])
        )

    return judge


def _rule(number: int, judge: Judge, does: str, sees: str, act: str = "") -> Rule:
    return Rule(
        id=f"SIGN-{number:02}",
        level="full" if act in FULL else "basic",
        section="signing-in",
        does=does,
        sees=sees,
        judge=judge,
        act=act,
    )


RULES: tuple[Rule, ...] = (
    _rule(1, _signs_in, "waits", "a sign_in"),
    _rule(2, _one_identity, "reads each sign_in", "a badge, or a code with the proof of a PIN"),
    _rule(3, _own_badge, "compares with --badge", "the badge as it was scanned"),
    _rule(4, _waits_for_plan, "sends refusable plans, then a plan", "nothing trained before the plan", ACT),
    _rule(
        5,
        _sends_away("nobody"),
        "answers with a plan without sets, unsigned",
        "a sign_out at once, nothing trained",
        "nobody",
    ),
    _rule(
        6, _sends_away("rejected"), "rejects the sign_in", "a sign_out at once, nothing trained", "rejected"
    ),
)
