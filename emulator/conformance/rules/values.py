"""Every message as the schemas say, within its size; numbers that mean something."""

from contract.codec import DEPTH_LIMIT, UP_LIMIT_BYTES, Undecodable
from contract.machines import LOAD_STEP_G
from contract.messages import Message, Rep
from contract.topics import TOPICS
from emulator.conformance.judging import every, most_within
from emulator.conformance.rule import Finding, Judge, Rule, failed, passed, skipped
from emulator.conformance.transcript import Heard, Row, Transcript

SECTION = "values"
FRAMES_WITHIN_S = 5.0  # a network or a busy computer brings together what was sent apart
FRAMES_MOST = 255  # within them: 50 a second, and a few that lay in between
KINDS = tuple(kind for topic in TOPICS.values() if topic.direction == "up" for kind in topic.kinds)
BASIC = ("status", "sign_in", "sign_out", "answer", "gravity", "rep", "set_end", "receipt")
SHAPES = ("JSON", "VALUE", "VERSION", "KIND")  # what is wrong with a message, not with its place or size


def _schema(kind: str) -> Judge:
    def judge(transcript: Transcript) -> Finding:
        found = [one for one in transcript.heard if _kind(one) == kind]
        return every(found, _problem, f"no {kind} came")

    return judge


def _problem(one: Heard) -> str | None:
    if isinstance(one.message, Undecodable) and one.message.reason in SHAPES:
        return f"{one.message.reason}: {one.message.detail}"
    return None


def _kind(one: Heard) -> str | None:
    """Tell what a message wants to be, also when it cannot be read."""
    if isinstance(one.message, Message):
        return one.message.head.kind
    topic = next((topic for topic in TOPICS.values() if topic.channel == one.channel), None)
    if topic is None or not one.payload:
        return None
    if len(topic.kinds) == 1:
        return topic.kinds[0]
    named = [kind for kind in topic.kinds if f'"{kind}"'.encode() in one.payload]
    return named[0] if named else topic.kinds[0]


def _sizes(transcript: Transcript) -> Finding:
    def wrong(one: Heard) -> str | None:
        too_deep = isinstance(one.message, Undecodable) and one.message.reason == "DEPTH"
        if len(one.payload) > UP_LIMIT_BYTES or too_deep:
            return f"{len(one.payload)} bytes; at most {UP_LIMIT_BYTES}, {DEPTH_LIMIT} levels deep"
        return None

    return every(transcript.heard, wrong, "nothing came")


def _possible_reps(transcript: Transcript) -> Finding:
    reps = [row for row in transcript.firsts if isinstance(row.body, Rep)]

    def wrong(row: Row) -> str | None:
        body = row.body
        if not isinstance(body, Rep):
            return None
        if body.end_deg <= body.start_deg:
            return "start is not below end: angles are travel in the trained direction"
        return f"load {body.load_g} g is no step of {LOAD_STEP_G} g" if body.load_g % LOAD_STEP_G else None

    return every(reps, wrong, "no rep came")


def _frames_are_light(transcript: Transcript) -> Finding:
    return every(
        [one for one, _ in transcript.frames],
        lambda one: None if one.qos == 0 and not one.retain else f"QoS {one.qos}, retained: {one.retain}",
        "this machine sends no frames",
    )


def _frame_rate(transcript: Transcript) -> Finding:
    times = [one.at_s for one, _ in transcript.frames]
    most = most_within(FRAMES_WITHIN_S, times)
    told = f"{most} frames in {FRAMES_WITHIN_S:g} seconds"
    if most > FRAMES_MOST:
        return failed(told)
    return passed(f"at most {told}") if times else skipped("this machine sends no frames")


RULES: tuple[Rule, ...] = (
    *(
        Rule(
            id=f"VAL-{number:02}",
            level="basic" if kind in BASIC else "full",
            section=SECTION,
            does=f"reads every `{kind}` by its schema",
            sees="no field missing, none out of range, only finite numbers",
            judge=_schema(kind),
        )
        for number, kind in enumerate(KINDS, start=1)
    ),
    Rule(
        id="VAL-20",
        level="basic",
        section=SECTION,
        does="measures every message",
        sees="at most 64 kB and eight levels",
        judge=_sizes,
    ),
    Rule(
        id="VAL-21",
        level="basic",
        section=SECTION,
        does="reads the figures of every rep",
        sees="start below end, and a load in whole steps",
        judge=_possible_reps,
    ),
    Rule(
        id="VAL-22",
        level="basic",
        section="topics",
        does="looks at the live trace",
        sees="QoS 0, not retained",
        judge=_frames_are_light,
    ),
    Rule(
        id="VAL-23",
        level="full",
        section="topics",
        does="counts the live trace",
        sees="at most 50 frames a second",
        judge=_frame_rate,
    ),
)
