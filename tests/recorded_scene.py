"""A recorded scene for tests: two machines that train for some seconds, one record after the other."""

import uuid

from builders import BOOT, MACHINE, SESSION, a_plan, a_rep, a_set_end, a_setting

from contract import codec, recording, topics
from contract.messages import KINDS, Ack, Answer, Down, Head, Message, RecordedBody, SignIn, SignOut, Status
from contract.recording import About, Record, Sample

NOW_MS = 1_790_000_000_000
OTHER = "row-1"
ABOUT = About(machine="", machine_kind="", origin="sim", source="a test", software="test", open_loop=0)


class Scene:
    """Says what machines and service would say, one record each, on a clock moved by hand."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.records: list[Record] = []
        self._seqs: dict[str, int] = {}

    def say(self, body: RecordedBody, machine: str = MACHINE, session: str | None = SESSION) -> Record:
        seq = self._seqs[machine] = self._seqs.get(machine, 0) + 1
        head = Head(
            v=1, kind=KINDS[type(body)], machine=machine, stream=str(uuid.uuid5(uuid.UUID(BOOT), machine)),
            seq=seq, boot=BOOT, mono_ms=self.now_ms - NOW_MS, wall_ms=self.now_ms - 7, session=session,
        )  # fmt: skip
        topic = topics.name_for_kind("sim", machine, head.kind)
        return self.put(topic, codec.encode(Message(head=head, body=body)))

    def put(self, topic: str, payload: bytes) -> Record:
        self.records.append(recording.from_wire(topic, payload, self.now_ms))
        return self.records[-1]

    def hear(self, message: Down, machine: str = MACHINE) -> Record:
        channel = topics.CHANNEL_OF_KIND[type(message).__name__.lower()]
        return self.put(topics.name("sim", machine, channel), codec.encode(message))

    def sample(self, number: int, machine: str = MACHINE) -> Record:
        sample = Sample(mono_ms=number * 20, deg=number % 50, deg_s=1.5, torque_nm=9.25)
        self.records.append(recording.from_sample(machine, sample, number, log_ms=self.now_ms))
        return self.records[-1]

    def session(self, reps: int = 4, rep_ms: int = 900) -> "Scene":
        status = Status(online=True, wall_ms=self.now_ms, mono_ms=0, boot=BOOT, state="idle")
        self.put(topics.name("sim", MACHINE, "up/status"), codec.encode(status))
        self.say(SignIn(nonce="0" * 32, machine_kind="lumbar_extension", firmware="1", badge="badge-1"))
        self.hear(a_plan())
        self.say(Answer(question="pain_before", value=2))
        for number in range(1, reps + 1):
            for step in range(rep_ms // 100):
                self.now_ms += 100
                self.sample(number * 100 + step)
            self.say(a_rep(rep=number))
            self.hear(Ack(stream=BOOT, upto=number))
        self.say(a_set_end(reps=reps))
        self.hear(a_setting(seq=2, set=2))
        self.say(SignIn(nonce="1" * 32, machine_kind="row", firmware="1", badge="badge-2"), OTHER, None)
        self.now_ms += 2_500  # a silence
        self.say(SignOut())
        return self
