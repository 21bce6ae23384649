"""A machine as a script: numbers its rows like a spool and writes their bytes; no link, no clock."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from builders import NONCE, a_rep, a_set_end

from contract import codec, topics
from contract.messages import (
    KINDS,
    Answer,
    Applied,
    Gravity,
    Head,
    Message,
    Origin,
    Plan,
    Receipt,
    RecordedBody,
    Setting,
    SignIn,
    SignOut,
)
from services.coaching import Delivery

NOW_MS = 1_790_000_000_000
REP_MS = 6_000


class ScriptedMachine:
    """One machine with its spool's counter and its studio clock."""

    def __init__(
        self, machine: str = "lumbar-1", kind: str = "lumbar_extension", origin: Origin = "sim"
    ) -> None:
        self.machine, self.kind, self.origin = machine, kind, origin
        self.stream, self.boot = str(uuid4()), str(uuid4())
        self.session: str | None = None
        self.seq = 0
        self.wall_ms = NOW_MS

    def say(self, body: RecordedBody, *, after_ms: int = 100) -> Delivery:
        """Make the next row."""
        self.seq += 1
        self.wall_ms += after_ms
        head = Head(
            v=1,
            kind=KINDS[type(body)],
            machine=self.machine,
            stream=self.stream,
            seq=self.seq,
            boot=self.boot,
            mono_ms=self.wall_ms - NOW_MS + 1_000,
            wall_ms=self.wall_ms,
            session=self.session,
        )
        topic = topics.name_for_kind(self.origin, self.machine, head.kind)
        return Delivery(
            topic=topic, payload=codec.encode(Message(head=head, body=body)), received_ms=self.wall_ms
        )

    def sign_in(self, badge: str | None = "badge-1", **changes: Any) -> Delivery:
        self.session = str(uuid4())
        body = SignIn(nonce=NONCE, machine_kind=self.kind, firmware="test-1", badge=badge)
        return self.say(replace(body, **changes))

    def weigh(self) -> Delivery:
        return self.say(Gravity(deg=(0.0, 30.0, 60.0), nm=(60.0, 40.0, 10.0)))

    def answer(self, question: Any, value: int | str, set_number: int | None = None) -> Delivery:
        return self.say(Answer(question=question, value=value, set=set_number))

    def apply(self, setting: Setting) -> Delivery:
        return self.say(
            Receipt(
                result="applied",
                setting=setting.id,
                applied=Applied(
                    load_g=setting.load_g, start_cdeg=setting.start_cdeg, end_cdeg=setting.end_cdeg
                ),
            )
        )

    def train(self, setting: Setting, reps: int | None = None, **changes: Any) -> list[Delivery]:
        """Do one set as prescribed: receipt, reps, and its end."""
        done = setting.reps if reps is None else reps
        rows = [self.apply(setting)]
        rows += [
            self.say(
                a_rep(
                    set=setting.set,
                    rep=number,
                    side=setting.side,
                    setting=setting.id,
                    load_g=setting.load_g,
                    start_deg=setting.start_cdeg / 100,
                    end_deg=setting.end_cdeg / 100,
                    **changes,
                ),
                after_ms=REP_MS,
            )
            for number in range(1, done + 1)
        ]
        end = a_set_end(set=setting.set, side=setting.side, setting=setting.id, reps=done)
        return [*rows, self.say(end)]

    def sign_out(self) -> Delivery:
        return self.say(SignOut())

    def rest(self, days: float) -> None:
        self.wall_ms += round(days * 86_400_000)


def plan_in(payload: bytes, machine: ScriptedMachine) -> Plan:
    found = codec.decode_down(topics.name(machine.origin, machine.machine, "down/plan"), payload)
    assert isinstance(found, Plan), found
    return found


def setting_in(payload: bytes, machine: ScriptedMachine) -> Setting:
    found = codec.decode_down(topics.name(machine.origin, machine.machine, "down/setting"), payload)
    assert isinstance(found, Setting), found
    return found
