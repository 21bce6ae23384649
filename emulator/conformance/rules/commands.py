"""Plans and settings that must be refused: one rule for each probe, from one table."""

from contract.messages import Event
from emulator.conformance.judging import refused
from emulator.conformance.probes import PLANS, SETTINGS
from emulator.conformance.rule import Finding, Level, Rule, failed, passed
from emulator.conformance.transcript import Transcript

_PLANS: tuple[tuple[str, Level, str, str], ...] = (
    ("plan-unsigned", "basic", "session", "a plan that nobody signed"),
    ("plan-other-nonce", "basic", "session", "a plan for another sign-in of this person"),
    ("plan-other-subject", "basic", "session", "a plan with limits of somebody else"),
    ("plan-other-machine", "full", "plans", "a plan with limits for another kind of machine"),
    ("plan-limits-over", "full", "plans", "a plan with limits that are over"),
    ("plan-widened-limits", "full", "plans", "limits that the command key has signed"),
    ("plan-too-heavy", "full", "plans", "a plan with a row above its own limits"),
    ("plan-unknown-field", "full", "plans", "a plan with a field that this version does not have"),
)
_SETTINGS: tuple[tuple[str, Level, str, str], ...] = (
    ("unsigned", "basic", "session", "a setting that nobody signed"),
    ("wrong-key", "basic", "session", "a setting signed with a key that nobody knows"),
    ("tampered", "basic", "session", "a setting that was changed after it was signed"),
    ("envelope-key", "full", "amounts", "a setting that the envelope key has signed"),
    ("unknown-field", "basic", "session", "a setting with a field that this version does not have"),
    ("not-json", "full", "amounts", "a setting that is cut off"),
    ("too-long", "full", "plans", "a setting of more than 16 kB"),
    ("other-session", "basic", "session", "a setting for another session"),
    ("other-nonce", "basic", "session", "a setting with another nonce"),
    ("replayed", "basic", "stop", "a good setting of an earlier session, byte by byte"),
    ("half-step", "full", "amounts", "a load between two steps"),
    ("other-limits", "full", "amounts", "a setting made under limits of another version"),
    ("lower-seq", "basic", "session", "a setting with a number that was used before"),
    ("other-basis", "basic", "session", "a setting based on a row of another stream"),
    ("old-basis", "basic", "session", "a setting that has not seen the last rep"),
    ("stale", "basic", "session", "a setting whose basis is older than its ttl_ms"),
    ("set-over", "basic", "session", "a setting for the set that is just over"),
    ("too-heavy", "basic", "session", "a load above the signed limit"),
    ("too-far", "full", "caps", "an angle above the signed range"),
    ("too-wide-a-step", "full", "caps", "a range more than one step wider"),
    ("too-big-a-step", "full", "amounts", "a load more than 10 % above the last set's"),
    ("session-cap", "full", "caps", "a load more than 15 % above today's first"),
    ("week-cap", "full", "amounts", "a load more than 20 % above the last sessions' median"),
    ("no-evidence", "full", "amounts", "an increase when the assist is locked"),
)


def _locks(transcript: Transcript) -> Finding:
    found = [row for row in transcript.of("amounts", "event") if _is_lock(row.body)]
    said = transcript.said("amounts", "half-step")
    return passed("locked", *said, *found) if found else failed("no event assist_locked came", *said)


def _is_lock(body: object) -> bool:
    return isinstance(body, Event) and body.what == "assist_locked"


RULES: tuple[Rule, ...] = (
    *(
        Rule(
            id=f"PLAN-{number:02}",
            level=level,
            section="accepting-a-plan",
            does=f"sends {what}",
            sees=f"a receipt: refused, {PLANS[name].reason}",
            judge=refused(act, name, PLANS[name].reason or ""),
            act=act,
        )
        for number, (name, level, act, what) in enumerate(_PLANS, start=1)
    ),
    *(
        Rule(
            id=f"SET-{number:02}",
            level=level,
            section="accepting-a-setting",
            does=f"sends {what}",
            sees=f"a receipt: refused, {SETTINGS[name].reason}",
            judge=refused(act, name, SETTINGS[name].reason or ""),
            act=act,
        )
        for number, (name, level, act, what) in enumerate(_SETTINGS, start=1)
    ),
    Rule(
        id="SET-30",
        level="full",
        section="accepting-a-setting",
        does="lets three suspicious settings be refused in one session",
        sees="an event assist_locked",
        judge=_locks,
        act="amounts",
    ),
)
