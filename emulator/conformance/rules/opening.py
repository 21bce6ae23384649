"""A set that only staff open (since 1.1): trial without load, green answer, PIN; what hurts shuts it."""

from contract.messages import Answer, Receipt, SetEnd
from emulator.conformance.judging import is_training, settings_of
from emulator.conformance.rule import Finding, Rule, failed, passed, skipped
from emulator.conformance.transcript import Row, Transcript

SECTION = "accepting-a-setting"
UNOPENED, OPENED, HURT = "unopened", "opened", "hurt"
TRIAL, LIGHT = 1, 2  # the sets of the kit's plan
REFUSES = "refuses plans with such a set, as a machine of 1.0 does: nothing is lifted"


def refuses_the_mark(transcript: Transcript, act: str = UNOPENED) -> bool:
    """Tell whether the machine refused the marked plan as one that it cannot read."""
    return any(
        isinstance(row.body, Receipt) and (row.body.result, row.body.reason) == ("refused", "SCHEMA")
        for row in transcript.of(act, "receipt")
    )


def _stays_shut(transcript: Transcript) -> Finding:
    """Without a PIN nothing may be done in the marked set, also when the trial went well."""
    return _shut(transcript, UNOPENED, "the trial hurt nobody, no PIN came: the set stayed shut")


def _hurt_shuts(transcript: Transcript) -> Finding:
    """After an answer above green nothing may be done in the marked set, whoever comes."""
    return _shut(transcript, HURT, "the trial hurt: the set stayed shut")


def _shut(transcript: Transcript, act: str, kept: str) -> Finding:
    lifted = _lifted(transcript, act)
    if lifted:
        return failed("the marked set was begun", *lifted)
    if refuses_the_mark(transcript, act):
        return skipped(REFUSES)
    trial = _trial(transcript, act)
    if trial is None:
        return skipped("the trial was not done to its target")
    felt = _felt(transcript, act)
    if not felt:
        return skipped("pain_set was not answered after the trial")
    if _is_green(transcript, act, felt[0]) is not (act != HURT):
        return skipped("pain_set was answered otherwise than the greeting asks for")
    gone = transcript.of(act, "sign_out")
    return passed(kept, trial, felt[0], *gone) if gone else failed("no sign_out came", trial)


def _opens_in_order(transcript: Transcript) -> Finding:
    """Look for the marked set after the trial's end and a green answer, and not before."""
    if refuses_the_mark(transcript, OPENED):
        return skipped(REFUSES)
    lifted = _lifted(transcript, OPENED)
    if not lifted:
        return skipped("staff never opened the set")
    first = lifted[0]
    trial, felt = _trial(transcript, OPENED), _felt(transcript, OPENED)
    if trial is None or trial.head.seq > first.head.seq:
        return failed("begun before the trial without load was done to its target", first)
    answered = [row for row in felt if row.head.seq < first.head.seq]
    if not answered or not _is_green(transcript, OPENED, answered[0]):
        return failed("begun without a green answer about the trial", first, *felt)
    return passed("trial, green answer, then the set", trial, answered[0], first)


def _trial_without_load(transcript: Transcript) -> Finding:
    """Look for a load in any trial."""
    reps = [
        row for act in (UNOPENED, OPENED, HURT) for row in transcript.of(act, "rep") if _set(row) == TRIAL
    ]
    loaded = [row for row in reps if getattr(row.body, "load_g", 0) != 0]
    if loaded:
        return failed("the trial was done under load", *loaded)
    ends = [row for act in (UNOPENED, OPENED, HURT) if (row := _trial(transcript, act)) is not None]
    return passed(f"{len(ends)} trials, no load", *ends[:1]) if ends else skipped("no trial was done")


def _lifted(transcript: Transcript, act: str) -> list[Row]:
    """List what was done in the marked set: its reps, and a setting for it on the drive."""
    settings = settings_of(transcript)
    marked = {name for name, row in settings.items() if row.is_for_staff}
    return [
        row
        for row in transcript.of(act)
        if is_training(row) and (_set(row) == LIGHT or getattr(row.body, "setting", None) in marked)
    ]


def _set(row: Row) -> int | None:
    return getattr(row.body, "set", None)


def _trial(transcript: Transcript, act: str) -> Row | None:
    ends = (
        row
        for row in transcript.of(act, "set_end")
        if isinstance(row.body, SetEnd) and row.body.set == TRIAL and row.body.ended_by == "target"
    )
    return next(ends, None)


def _felt(transcript: Transcript, act: str) -> list[Row]:
    return [
        row
        for row in transcript.of(act, "answer")
        if isinstance(row.body, Answer) and (row.body.question, row.body.set) == ("pain_set", TRIAL)
    ]


def _is_green(transcript: Transcript, act: str, answer: Row) -> bool:
    plans = [said.message for said in transcript.said(act, "plan") if said.message is not None]
    most = getattr(getattr(plans[0], "envelope", None), "pain_green_nrs", 0) if plans else 0
    value = getattr(answer.body, "value", None)
    return isinstance(value, int) and value <= most


RULES: tuple[Rule, ...] = (
    Rule(
        id="OPEN-01",
        level="basic",
        section=SECTION,
        does="plans a trial without load and a set that staff open, and nobody gives a PIN",
        sees="nothing done in that set",
        judge=_stays_shut,
        act=UNOPENED,
    ),
    Rule(
        id="OPEN-02",
        level="full",
        section=SECTION,
        does="lets staff open that set",
        sees="it begun only after the trial's target and a green pain_set",
        judge=_opens_in_order,
        act=OPENED,
        assisted=True,
    ),
    Rule(
        id="OPEN-03",
        level="full",
        section=SECTION,
        does="lets the person answer pain_set above green after the trial",
        sees="nothing done in that set",
        judge=_hurt_shuts,
        act=HURT,
        assisted=True,
    ),
    Rule(
        id="OPEN-04",
        level="full",
        section=SECTION,
        does="reads the reps of each trial",
        sees="no load",
        judge=_trial_without_load,
        act=UNOPENED,
    ),
)
