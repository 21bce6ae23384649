"""One machine in a closed loop without a network: true agent, emulated drive and person, a service."""

from collections.abc import Sequence
from random import Random

from contract.machines import MachineKind
from contract.messages import Ack, Down, Message
from emulator.faults.sensors import Fault
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Member
from emulator.rep_level.history import Exchange
from emulator.studio.operator import Operator
from machine_agent import pins
from machine_agent.agent import Agent, Beginning, DownMessage, Drive, Effect, Record, Station, View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput

BEAT_MS = 20  # body ms of one step: the agent's 50 Hz
STAFF_PIN = "2468"
ACK_MS = 5_000  # the service is heard so often (protocol page, down/ack)
STREAM = "00000000-0000-4000-8000-000000000002"
SESSION_MOST_MS = 40 * 60_000  # body ms after which a turn is given up


class Trial:
    """Steps of 20 ms; the service answers at once, its signatures count as verified."""

    def __init__(
        self, kind: MachineKind, exchange: Exchange, seed: int = 1, faults: Sequence[Fault] = ()
    ) -> None:
        chance = Random(seed)  # noqa: S311 - a seeded simulation, no secret
        station = Station(
            machine="trial-1",
            kind=kind,
            boot="00000000-0000-4000-8000-000000000001",
            firmware="emulator-1",
            site_key=b"trial",
            clock="sim",
            staff_pins=(pins.staff_hash(STAFF_PIN, "00" * 16),),
        )
        beginning = Beginning(stream=STREAM)
        self.driver = EmulatedDriver(kind, seed, faults)
        self.operator = Operator(self.driver, STAFF_PIN, seed)
        self.agent = Agent(station, beginning, chance.randbytes)
        self.rows: list[Message] = []
        self.body_ms = 0
        self._exchange = exchange
        self._perform(self.agent.boot(self.now))

    @property
    def now(self) -> Now:
        """This moment; all clocks are the body's."""
        return Now(body_ms=self.body_ms, mono_ms=self.body_ms, wall_ms=1_790_000_000_000 + self.body_ms)

    @property
    def view(self) -> View:
        """What the screen shows."""
        return self.agent.view

    def run_turn(self, member: Member, look_ms: int = 100) -> None:
        """Let a person come, train and go; looks at the screen every `look_ms`."""
        began_ms = self.body_ms
        self.operator.begin(member, self.now)
        while self.operator.turn is not None and self.body_ms - began_ms < SESSION_MOST_MS:
            self.step()
            if self.body_ms % look_ms == 0:
                self.look()

    def look(self) -> None:
        """Let the person look at the screen and touch it."""
        view = self.agent.view
        if self.operator.is_over(view):
            self.operator.end()
        for touch in self.operator.respond(view, self.now):
            self.touch(touch)

    def touch(self, touch: PatientInput) -> None:
        """Touch the screen."""
        self._perform(self.agent.on_input(touch, self.now))

    def step(self) -> None:
        """Let 20 ms of body time pass."""
        self.body_ms += BEAT_MS
        now = self.now
        for sample in self.driver.read(self.body_ms):
            self._perform(self.agent.on_sample(sample, now))
        self._perform(self.agent.on_tick(now))
        if self.body_ms % ACK_MS == 0:
            self._hear(Ack(stream=STREAM, upto=len(self.rows)))

    def _perform(self, effects: Sequence[Effect]) -> None:
        recorded: list[Message] = []
        for effect in effects:
            if isinstance(effect, Drive):
                self.driver.command(effect.command)
            elif isinstance(effect, Record):
                recorded.append(effect.message)
        if not recorded:
            return
        self.rows += recorded
        self.agent.on_stored(recorded[-1].head.seq, 0, 0)
        for down in self._exchange(recorded):
            self._hear(down)

    def _hear(self, down: Down) -> None:
        heard = DownMessage(body=down, verified=True, retained=False)
        self._perform(self.agent.on_message(heard, self.now))
