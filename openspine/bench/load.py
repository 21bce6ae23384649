"""Machines made of load: they speak the protocol in the loop's mix, each with one message in flight.

The mix: sets of ten reps, a set_end, an answer, a receipt. A rep is answered by its `ack`, a set_end and an
answer by their `setting`.
"""

import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from contract import codec
from contract.messages import (
    KINDS,
    Ack,
    Answer,
    Applied,
    Head,
    Message,
    Plan,
    Receipt,
    RecordedBody,
    Rep,
    SetEnd,
    Setting,
    SignIn,
)

REPS_IN_SET = 10
SETS_IN_SESSION = 2
MESSAGES_IN_SESSION = 37  # at most, after the sign-in: three sets, two of which are answered
STUDIO_START_MS = 1_790_000_000_000  # any fixed moment: the loop does not depend on it
SET_MS = 70_000  # studio time of a set of ten reps


@dataclass(slots=True)
class Tally:
    """What a run of the loop measured: round trips in milliseconds of reps and of settings."""

    rep_ms: list[float] = field(default_factory=list)
    setting_ms: list[float] = field(default_factory=list)
    sessions: int = 0
    rejected: int = 0
    processor_ms: float = 0.0  # of what was measured, its database included
    is_open: bool = True  # round trips count

    def begin(self) -> None:
        """Count from now on."""
        self.rep_ms.clear()
        self.setting_ms.clear()
        self.sessions, self.is_open = 0, True

    def end(self) -> None:
        """Count no round trip any more."""
        self.is_open = False

    def note(self, body: RecordedBody, waited_ms: float) -> None:
        """Note how long a message has waited for its answer."""
        if self.is_open and isinstance(body, Rep):
            self.rep_ms.append(waited_ms)
        elif self.is_open and isinstance(body, SetEnd | Answer):
            self.setting_ms.append(waited_ms)


@dataclass(slots=True)
class LoadMachine:
    """One machine: knows its next message, waits for the answer to it."""

    name: str
    kind: str
    badge: str
    tally: Tally
    stream: str = field(default_factory=lambda: str(uuid.uuid4()))
    boot: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: str = ""
    seq: int = 0
    answered: int = 0  # the newest row that was answered: it and all before it must be stored
    unanswered: set[int] = field(default_factory=set)  # rows that were given up: stored or not
    day: int = 0
    skipped: int = 0  # messages left out of the first session: machines do not go in step
    row: Setting | None = None
    plan: Plan | None = None
    script: list[RecordedBody] = field(default_factory=list)
    sent_at: float = 0.0
    sent: Message | None = None

    def said_last(self) -> str:
        """Name the kind of the message that waits for its answer."""
        return "" if self.sent is None else self.sent.head.kind

    def begin(self) -> bytes:
        """Open a session: the next message is a sign-in, the answer its plan."""
        if self.sent is not None:
            self.unanswered.add(self.seq)
        self.session, self.day, self.plan = str(uuid.uuid4()), self.day + 1, None
        return self._say(
            SignIn(nonce=uuid.uuid4().hex, machine_kind=self.kind, firmware="bench", badge=self.badge)
        )

    def take_back(self) -> None:
        """Leave unsaid what was to be said next."""
        self.seq, self.sent = self.seq - 1, None

    def hear(self, channel: str, payload: bytes) -> bytes | None:
        """Take a down message; return the next up message when this was the answer awaited."""
        if self.sent is None or not self._is_answer(channel, payload):
            return None
        self.answered = self.sent.head.seq
        self.tally.note(self.sent.body, (time.perf_counter() - self.sent_at) * 1_000)
        if not self.script:
            self.tally.sessions += 1
            self.sent = None
            return self.begin()
        return self._say(self.script.pop(0))

    def _is_answer(self, channel: str, payload: bytes) -> bool:
        assert self.sent is not None  # noqa: S101 - narrows the type for mypy; hear() has checked it
        body, head = self.sent.body, self.sent.head
        if isinstance(body, SignIn):
            if channel != "down/plan":
                return False
            self.plan = msgspec.json.decode(payload, type=Plan)
            self.script = self._session_of(self.plan)
            return self.plan.session == self.session
        if isinstance(body, SetEnd | Answer) and channel == "down/setting":
            setting = msgspec.json.decode(payload, type=Setting)
            return setting.session == self.session and setting.basis.seq >= head.seq
        if channel != "down/ack" or isinstance(body, SetEnd | Answer):
            return False
        ack = msgspec.json.decode(payload, type=Ack)
        self.tally.rejected += len(ack.rejected)
        return ack.stream == self.stream and ack.upto >= head.seq

    def _session_of(self, plan: Plan) -> list[RecordedBody]:
        """Write the whole session: every set but the last is answered by a setting for the next one."""
        rows = plan.settings[: SETS_IN_SESSION + 1]
        script: list[RecordedBody] = []
        for row in rows:
            applied = Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
            script.append(Receipt(result="applied", applied=applied, setting=row.id))
            script += [rep_of(row, index) for index in range(1, REPS_IN_SET + 1)]
            if row is not rows[-1]:
                script += [_set_end(row), Answer(question="rir", value="3-5", set=row.set)]
        skipped, self.skipped = self.skipped, 0
        return _beginning_with_work(script[skipped:])

    def _say(self, body: RecordedBody) -> bytes:
        self.seq += 1
        wall_ms = STUDIO_START_MS + self.day * 86_400_000 + self.seq * SET_MS // REPS_IN_SET
        head = Head(
            v=1,
            kind=KINDS[type(body)],
            machine=self.name,
            stream=self.stream,
            seq=self.seq,
            boot=self.boot,
            mono_ms=self.seq * 100,
            wall_ms=wall_ms,
            session=self.session,
        )
        self.sent = Message(head=head, body=body)
        self.sent_at = time.perf_counter()
        return codec.encode(self.sent)


def out_of_step(machines: Sequence[LoadMachine]) -> None:
    """Let machines begin anywhere in a session: every second then holds the whole mix."""
    chance = random.Random(1)  # noqa: S311 (spreads the load, guards nothing)
    for machine in machines:
        machine.skipped = chance.randrange(MESSAGES_IN_SESSION)


def rep_of(row: Setting, index: int) -> Rep:
    """Make a rep of a set as prescribed."""
    return Rep(
        set=row.set,
        rep=index,
        side=row.side,
        setting=row.id,
        load_g=row.load_g,
        start_deg=row.start_cdeg / 100,
        end_deg=row.end_cdeg / 100,
        concentric_s=2.0,
        hold_s=0.2,
        eccentric_s=3.0,
        peak_torque_nm=80.0,
        mean_torque_nm=70.0,
        work_j=60.0,
        peak_speed_deg_s=30.0,
        mean_speed_deg_s=20.0 - 0.3 * index,
        smoothness=-1.6,
    )


def _beginning_with_work(script: list[RecordedBody]) -> list[RecordedBody]:
    """Leave out the end of a set that was not done: nobody would answer for it."""
    while script and isinstance(script[0], SetEnd | Answer):
        script = script[1:]
    return script


def _set_end(row: Setting) -> SetEnd:
    return SetEnd(
        set=row.set,
        side=row.side,
        setting=row.id,
        reps=REPS_IN_SET,
        partial_reps=0,
        ended_by="target",
        duration_s=SET_MS / 1_000,
    )
