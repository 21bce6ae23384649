"""The recorder: one MQTT client that only listens, and writes down whatever travels on a broker."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiomqtt

from contract import recording, topics
from contract.messages import Origin
from contract.recording import Sample
from emulator.recordings.mcap_file import GAP, RecordingWriter

KEEPALIVE_S = 10
TIMEOUT_S = 5.0  # of a connect and of a subscription
RECONNECT_S = 0.5
FLUSH_S = 0.5  # real time: half of the second that a cut may cost
REFUSED = 0x80  # MQTT 5, 3.9.3: reason codes from here on are failures


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """Which broker, as whom, and what: roots, and machines (none: all)."""

    host: str
    port: int
    client_id: str  # begins with rec-
    roots: tuple[Origin, ...] = ("real", "sim")
    machines: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = None
    tls: bool = False
    ca_file: Path | None = None

    @property
    def filters(self) -> tuple[str, ...]:
        """What to subscribe to."""
        ways = ("up/#", "down/#")
        names = self.machines or ("+",)
        return tuple(
            f"{topics.ROOTS[root]}/v1/{name}/{way}" for root in self.roots for name in names for way in ways
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the recording is."""

    seconds: float
    messages: int
    per_s: float
    size_bytes: int
    gaps: int
    is_linked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderReport:
    """What was recorded; gaps as (from, until) in ms; `problem`: why it ended early."""

    messages: int
    samples: int
    seconds: float
    gaps: tuple[tuple[int, int], ...]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReached:
    """Why not even one link stood."""

    reason: str


class RisingClock:
    """Unix time that never goes back: the wall's at the start, then the monotonic one's."""

    def __init__(self) -> None:
        self._wall_ns, self._mono_ns = time.time_ns(), time.monotonic_ns()

    def now_ms(self) -> int:
        """Return now, in Unix ms."""
        return (self._wall_ns + time.monotonic_ns() - self._mono_ns) // 1_000_000


class Recorder:
    """Writes messages in the moment in which they arrive; it never publishes, and leaves no will."""

    def __init__(self, settings: RecorderSettings, writer: RecordingWriter) -> None:
        self._settings, self._writer = settings, writer
        self._clock = RisingClock()
        self._began_ms = self._last_ms = self._clock.now_ms()
        self._gap_from_ms: int | None = None
        self._gaps: list[tuple[int, int]] = []
        self._samples = 0
        self._has_linked = False
        self._problem: str | None = None
        self._stop = asyncio.Event()

    @property
    def is_linked(self) -> bool:
        """Tell whether everything that travels now is heard."""
        return self._has_linked and self._gap_from_ms is None

    async def run(
        self, stop: asyncio.Event, on_progress: Callable[[Progress], None] | None = None
    ) -> RecorderReport | NotReached:
        """Record until `stop`; a link that is lost is looked for again, and the gap is noted."""
        helpers = [asyncio.create_task(self._beat(on_progress)), asyncio.create_task(self._pass_on(stop))]
        try:
            await self._until_stopped()
        except (aiomqtt.MqttError, OSError) as error:
            return NotReached(reason=str(error))
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
        self._close_gap()
        return RecorderReport(
            messages=self._writer.messages,
            samples=self._samples,
            seconds=round((self._clock.now_ms() - self._began_ms) / 1_000, 3),
            gaps=tuple(self._gaps),
            problem=self._problem,
        )

    def take_samples(self, origin: Origin, machine: str, samples: Sequence[Sample]) -> None:
        """Write down samples of a machine that runs in this process."""
        for sample in samples:
            self._samples += 1
            now_ms = self._clock.now_ms()
            sequence = self._samples & recording.SEQUENCE_MOST
            self._write(recording.from_sample(machine, sample, sequence, origin=origin, log_ms=now_ms))

    async def _until_stopped(self) -> None:
        while not self._stop.is_set():
            try:
                await self._listen()
            except (aiomqtt.MqttError, OSError):
                if not self._has_linked:
                    raise
                if self._stop.is_set():
                    return
                self._open_gap()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(RECONNECT_S):
                        await self._stop.wait()

    async def _listen(self) -> None:
        """Hold one link; raises when it breaks."""
        async with self._client() as client:
            for wanted in self._settings.filters:
                codes = await client.subscribe(wanted, qos=1)
                if any(getattr(code, "value", code) >= REFUSED for code in codes):
                    raise aiomqtt.MqttError(f"the broker lets this client not read {wanted}")
            self._has_linked = True
            self._close_gap()
            broken = asyncio.ensure_future(anext(aiter(client.messages)))  # ends only with the link
            stopped = asyncio.ensure_future(self._stop.wait())
            try:
                await asyncio.wait((broken, stopped), return_when=asyncio.FIRST_COMPLETED)
                if not stopped.done():
                    broken.result()
            finally:
                broken.cancel()
                stopped.cancel()
                await asyncio.gather(broken, stopped, return_exceptions=True)

    def _client(self) -> aiomqtt.Client:
        take = self._take

        class Straight(asyncio.Queue[aiomqtt.Message]):
            """In place of a queue: what arrives is written at once, with the time at which it came."""

            def put_nowait(self, item: aiomqtt.Message) -> None:
                take(item)

        place = self._settings
        ca_file = None if place.ca_file is None else str(place.ca_file)
        return aiomqtt.Client(
            place.host,
            place.port,
            identifier=place.client_id,
            username=place.username,
            password=place.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            keepalive=KEEPALIVE_S,
            timeout=TIMEOUT_S,
            queue_type=Straight,
            tls_params=aiomqtt.TLSParameters(ca_certs=ca_file) if place.tls else None,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )

    def _take(self, message: aiomqtt.Message) -> None:
        payload = message.payload if isinstance(message.payload, bytes) else b""
        self._last_ms = self._clock.now_ms()
        self._write(recording.from_wire(str(message.topic), payload, self._last_ms))

    def _write(self, record: recording.Record) -> None:
        try:
            if self._problem is None:
                self._writer.write(record)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._problem = f"writing stopped: {error.strerror}"
        self._stop.set()

    async def _beat(self, on_progress: Callable[[Progress], None] | None) -> None:
        """Bring to disk twice a second what has come, also when nothing comes any more."""
        while True:
            before, began = self._writer.messages, self._clock.now_ms()
            await asyncio.sleep(FLUSH_S)
            try:
                self._writer.flush()
                await asyncio.to_thread(self._writer.sync)
            except OSError as error:
                self._give_up(error)
                return
            if on_progress is not None:
                on_progress(self._progress(before, began))

    def _progress(self, before: int, began_ms: int) -> Progress:
        now_ms = self._clock.now_ms()
        return Progress(
            seconds=(now_ms - self._began_ms) / 1_000,
            messages=self._writer.messages,
            per_s=(self._writer.messages - before) * 1_000 / max(now_ms - began_ms, 1),
            size_bytes=self._writer.size_bytes,
            gaps=len(self._gaps),
            is_linked=self.is_linked,
        )

    async def _pass_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stop.set()

    def _open_gap(self) -> None:
        """Begin a gap at the last message, but not further back than a dead link can stay unnoticed."""
        if self._gap_from_ms is None:
            earliest_ms = self._clock.now_ms() - KEEPALIVE_S * 1_500  # MQTT 5, 3.1.2.10: one and a half times
            self._gap_from_ms = max(self._last_ms, earliest_ms)

    def _close_gap(self) -> None:
        if self._gap_from_ms is None:
            return
        gap = (self._gap_from_ms, self._clock.now_ms())
        self._gap_from_ms = None
        self._gaps.append(gap)
        try:
            self._writer.note(GAP, {"from_ms": gap[0], "until_ms": gap[1]})
        except OSError as error:
            self._give_up(error)
