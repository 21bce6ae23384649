"""How a machine comes to the broker, and what it says of itself there."""

from collections.abc import Callable

from contract import codec, topics
from contract.messages import Message, Status
from contract.topics import TOPICS, WILL_DELAY_S
from emulator.conformance.connect import VERSION_5, Connect
from emulator.conformance.judging import every, most_within
from emulator.conformance.rule import Finding, Judge, Level, Rule, failed, passed, skipped
from emulator.conformance.transcript import Heard, Transcript, Wire, shown

KEEP_ALIVE_MOST_S = 10
HELLO_S = 5.0  # a status must follow the connect within this (s)
STATUSES_MOST = 6  # in any second: five changes and the one at connect
SECTION = "connecting"
Wrong = Callable[[Connect, Transcript], bool]


def _each_connect(wrong: Wrong, note: str) -> Judge:
    def judge(transcript: Transcript) -> Finding:
        seen = [one.connect for one in transcript.wires if one.what == "connect"]
        if not seen:
            return skipped("the machine did not connect while the kit listened")
        for one in seen:
            if one is None:
                return failed("the first packet is no CONNECT that can be read")
            if wrong(one, transcript):
                return Finding(result="fail", note=note, evidence=(repr(one),))
        return Finding(result="pass", note=f"{len(seen)} connects", evidence=(repr(seen[0]),))

    return judge


def _is_other_name(one: Connect, transcript: Transcript) -> bool:
    return one.username is not None and one.username != transcript.machine


def _has_other_will(one: Connect, transcript: Transcript) -> bool:
    will = one.will
    if will is None:
        return True
    address = topics.parse(will.topic)
    is_own = address is not None and (address.machine, address.channel) == (transcript.machine, "up/status")
    return not is_own or will.qos != 1 or not will.retain


def _says_no_farewell(one: Connect, transcript: Transcript) -> bool:
    if one.will is None:
        return False  # said by the rule above
    found = codec.decode_up(one.will.topic, one.will.payload)
    boots = {status.boot for _, status in transcript.statuses}
    return not isinstance(found, Status) or found.online or (bool(boots) and found.boot not in boots)


def _delays_otherwise(one: Connect, _: Transcript) -> bool:
    return one.will is not None and one.will.delay_s != WILL_DELAY_S


def _status_at_connect(transcript: Transcript) -> Finding:
    connects = [one for one in transcript.wires if one.what == "connect"]
    if not connects:
        return skipped("the machine did not connect while the kit listened")
    for one in connects:
        first = _first_status(transcript, one)
        if first is None:
            return failed(f"no status within {HELLO_S:.0f} s of the connect at {one.at_s:.2f} s")
    return passed(f"{len(connects)} connects, each followed by a status")


def _first_status(transcript: Transcript, after: Wire) -> Heard | None:
    return next(
        (
            one
            for one, status in transcript.statuses
            if status.online and after.at_s <= one.at_s <= after.at_s + HELLO_S
        ),
        None,
    )


def _retained_statuses(transcript: Transcript) -> Finding:
    statuses = [one for one, _ in transcript.statuses]
    return every(
        statuses,
        lambda one: None if one.retain and one.qos == 1 else f"QoS {one.qos}, retained: {one.retain}",
        "no status came",
    )


def _quiet_statuses(transcript: Transcript) -> Finding:
    times = [one.at_s for one, _ in transcript.statuses]
    most = most_within(1, times)
    if most > STATUSES_MOST:
        return failed(f"{most} statuses in one second")
    return passed(f"{most} in the fullest second") if times else skipped("no status came")


def _known_places(transcript: Transcript) -> Finding:
    return every(
        [one for one in transcript.heard if one.channel != "up/status" or one.payload],
        lambda one: None if one.channel in TOPICS else "a topic that is not of this version",
        "nothing came",
    )


def _qualities(transcript: Transcript) -> Finding:
    rows = [one for one in transcript.heard if isinstance(one.message, Message)]
    return every(
        rows,
        lambda one: None if one.qos == 1 and not one.retain else f"QoS {one.qos}, retained: {one.retain}",
        "no recorded message came",
    )


def _same_boot(transcript: Transcript) -> Finding:
    online = [(one, status.boot) for one, status in transcript.statuses if status.online]
    rows = [(row.heard, row.head.boot) for row in transcript.rows]
    if not rows or not online:
        return skipped("no recorded message, or no status, came")
    boots = {boot for _, boot in online}
    for heard, boot in rows:
        if boot not in boots:
            return Finding(
                result="fail", note="a row of a boot that no status names", evidence=(shown(heard),)
            )
    return passed(f"{len(boots)} boot in {len(online)} statuses and {len(rows)} rows")


def _session_in_status(transcript: Transcript) -> Finding:
    """Look for a status that names the session, for each session."""
    signed = [row for row in transcript.firsts if row.head.kind == "receipt" and row.head.session]
    named = {status.session for _, status in transcript.statuses}
    return every(
        signed,
        lambda row: None if row.head.session in named else "no status named this session",
        "nobody trained",
    )


def _connect_rule(number: int, does_not: Wrong, sees: str, level: Level = "basic") -> Rule:
    return Rule(
        id=f"CON-{number:02}",
        level=level,
        section=SECTION,
        does="reads the CONNECT packet at its own port",
        sees=sees,
        judge=_each_connect(does_not, f"not so: {sees}"),
        door=True,
    )


RULES: tuple[Rule, ...] = (
    _connect_rule(1, lambda one, _: one.version != VERSION_5, "MQTT 5"),
    _connect_rule(2, lambda one, t: one.client_id != t.machine, "the machine's id as client id"),
    _connect_rule(3, _is_other_name, "the machine's id as user name, if there is one"),
    _connect_rule(4, lambda one, _: not one.clean_start, "clean start, so that no stale command waits"),
    _connect_rule(5, lambda one, _: one.expiry_s != 0, "session expiry 0"),
    _connect_rule(6, _has_other_will, "a will on up/status, QoS 1, retained"),
    _connect_rule(7, _says_no_farewell, "a will that is a status with online false, of this boot"),
    _connect_rule(8, _delays_otherwise, "a will delay of 5 s"),
    _connect_rule(
        9, lambda one, _: not 0 < one.keep_alive_s <= KEEP_ALIVE_MOST_S, "keep alive within 10 s", "full"
    ),
    Rule(
        id="CON-10",
        level="basic",
        section=SECTION,
        does="waits after each connect",
        sees="a status with online true within 5 s",
        judge=_status_at_connect,
        door=True,
    ),
    Rule(
        id="CON-11",
        level="basic",
        section="topics",
        does="subscribes to everything the machine says",
        sees="every status at QoS 1, retained",
        judge=_retained_statuses,
    ),
    Rule(
        id="CON-12",
        level="full",
        section="topics",
        does="counts statuses",
        sees="at most five changes a second",
        judge=_quiet_statuses,
    ),
    Rule(
        id="CON-13",
        level="basic",
        section="topics",
        does="subscribes to everything below up/",
        sees="only topics of this version",
        judge=_known_places,
    ),
    Rule(
        id="CON-14",
        level="basic",
        section="topics",
        does="looks at every recorded message",
        sees="QoS 1, not retained",
        judge=_qualities,
    ),
    Rule(
        id="CON-15",
        level="basic",
        section="connecting",
        does="compares statuses and rows",
        sees="one boot in both",
        judge=_same_boot,
    ),
    Rule(
        id="CON-16",
        level="full",
        section="connecting",
        does="compares statuses and sessions",
        sees="the open session in a status",
        judge=_session_in_status,
    ),
)
