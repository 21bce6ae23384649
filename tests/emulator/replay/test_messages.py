"""Replay of messages at a broker, with a small service that acknowledges."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiomqtt
import pytest
from builders import BOOT, NONCE, a_message, a_rep, a_set_end

from contract import codec, topics
from contract.messages import Message, Origin, RecordedBody, SignIn, SignOut, Status
from emulator.replay.controls import Controls
from emulator.replay.messages import MessageReport, MessageSettings, Progress, run
from emulator.replay.tape import Row, Tape
from emulator.replay.transport import Transport
from emulator.replay.voices import Broker as Place
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker
SIGN_IN = SignIn(nonce=NONCE, machine_kind="lumbar_extension", firmware="1", badge="b")
MAX = Transport(rate=math.inf)


def a_day(machine: str = "lumbar-1", origin: Origin = "sim", each_ms: int = 100) -> tuple[Row, ...]:
    """Make a session: sign-in, three reps, the end of the set, sign-out, and a status."""
    bodies: list[RecordedBody] = [
        SIGN_IN,
        *(a_rep(rep=number) for number in (1, 2, 3)),
        a_set_end(),
        SignOut(),
    ]
    rows = [
        row(a_message(body, seq=seq, machine=machine), origin, seq * each_ms)
        for seq, body in enumerate(bodies, start=1)
    ]
    status = Status(online=True, wall_ms=0, mono_ms=0, boot=BOOT, state="idle")
    payload = codec.encode(status)
    return (
        *rows,
        Row(at_ms=9 * each_ms, origin=origin, machine=machine, channel="up/status", payload=payload),
    )


def row(message: Message, origin: Origin, at_ms: int) -> Row:
    head = message.head
    channel = topics.CHANNEL_OF_KIND[head.kind]
    return Row(
        at_ms=at_ms, origin=origin, machine=head.machine, channel=channel,
        payload=codec.encode(message), message=message,
    )  # fmt: skip


def settings(broker: Broker, **changes: Any) -> MessageSettings:
    return MessageSettings(broker=Place(host=broker.host, port=broker.port), **changes)


@pytest.fixture
async def service(
    broker: Broker, broker_service: Callable[..., Any], small_service: Callable[..., Any]
) -> AsyncIterator[Any]:
    made = broker_service(small_service())
    serving = asyncio.create_task(made.serve(broker.port))
    await made.ready.wait()
    yield made
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def played(
    rows: Sequence[Row], where: MessageSettings, controls: Controls, on_progress: Any = None
) -> MessageReport:
    async with asyncio.timeout(60):
        return await run(Tape(rows=tuple(rows)), where, controls, on_progress)


async def test_machines_say_again_what_they_said_and_hear_what_is_decided(
    broker: Broker, service: Any
) -> None:
    rows = (*a_day(), *a_day("row-1"))
    told: list[Progress] = []
    report = await played(rows, settings(broker), Controls(MAX), told.append)
    assert (report.is_whole, report.problem, report.machines) == (True, None, ("lumbar-1", "row-1"))
    assert (report.messages, report.rows, report.acknowledged, report.unacked) == (14, 12, 12, 0)
    assert (report.people, report.plans, report.settings, report.rounds) == (2, 2, 2, 1)
    stored = sorted(codec.encode(one) for one in service.stored.values())
    assert stored == sorted(one.payload for one in rows if one.message is not None)
    assert (told[-1].at_ms, told[-1].length_ms, told[-1].sent) == (900, 900, 12)


@pytest.mark.usefixtures("service")
async def test_a_real_recording_is_heard_under_the_simulation_only(broker: Broker) -> None:
    """Hazard h17: a replay must never reach a real machine."""
    async with aiomqtt.Client(broker.host, broker.port, protocol=aiomqtt.ProtocolVersion.V5) as spy:
        await spy.subscribe("#", qos=1)
        report = await played(a_day(origin="real"), settings(broker), Controls(MAX))
        await spy.publish("the/end", b"", qos=1)
        heard = []
        async for message in spy.messages:
            if str(message.topic) == "the/end":
                break
            heard.append(message)
    assert report.acknowledged == 6
    assert {str(one.topic).split("/")[0] for one in heard} == {"openspine-sim"}
    assert not any(one.retain for one in heard)
    assert "openspine-sim/v1/lumbar-1/up/status" in {str(one.topic) for one in heard}


async def test_nothing_follows_a_row_that_decides_before_it_is_committed(
    broker: Broker, service: Any
) -> None:
    """The service takes its time: what comes behind the sign-in must not have been sent meanwhile."""
    sent: list[int] = []
    seen_at_sign_in: list[int] = []
    decide = service._decide

    def slowly(messages: Sequence[Message]) -> Any:
        if messages[0].head.kind in ("sign_in", "set_end", "sign_out"):
            seen_at_sign_in.append(max(sent, default=0))
        return decide(messages)

    service._decide = slowly
    await played(a_day(), settings(broker), Controls(MAX), lambda told: sent.append(told.sent))
    assert seen_at_sign_in == [1, 5, 6]  # itself, and whatever went before it


async def test_a_pause_holds_and_steps_let_one_row_out_each(broker: Broker, service: Any) -> None:
    controls = Controls(Transport(rate=math.inf, is_paused=True))
    playing = asyncio.create_task(played(a_day(), settings(broker), controls))
    for steps in (0, 1, 2):
        await _until(lambda steps=steps: len(service.stored) == steps)  # type: ignore[misc]
        await asyncio.sleep(0.3)
        assert len(service.stored) == steps
        controls.press("step")
    await _until(lambda: len(service.stored) == 3)
    controls.press("pause")
    assert (await playing).acknowledged == 6


async def test_quit_ends_a_replay_that_waits(broker: Broker, service: Any) -> None:
    controls = Controls(Transport(rate=0.001))
    playing = asyncio.create_task(played(a_day(each_ms=60_000), settings(broker), controls))
    await _until(lambda: len(service.stored) == 1)
    controls.press("quit")
    report = await playing
    assert (report.is_whole, report.problem, report.rows) == (False, None, 1)


async def test_a_day_as_if_it_were_now_is_a_new_one_in_each_round(broker: Broker, service: Any) -> None:
    where = settings(broker, rounds=3, as_if_now=True)
    report = await played(a_day(), where, Controls(MAX))
    assert (report.rounds, report.rows, report.acknowledged) == (3, 18, 18)
    assert len(service.stored) == 18
    assert len({head.stream for head in (one.head for one in service.stored.values())}) == 3


async def test_a_recorded_day_is_the_same_one_in_each_round(broker: Broker, service: Any) -> None:
    report = await played(a_day(), settings(broker, rounds=2), Controls(MAX))
    assert (report.rounds, report.rows, report.acknowledged, report.plans) == (2, 12, 12, 1)
    assert len(service.stored) == 6


@pytest.mark.usefixtures("service")
async def test_round_after_round_until_somebody_stops_it(broker: Broker) -> None:
    controls = Controls(MAX)

    def enough(told: Progress) -> None:
        if told.rounds == 3:
            controls.press("quit")

    report = await played(a_day(), settings(broker, rounds=0), controls, enough)
    assert (report.is_whole, report.rounds) == (False, 3)


async def test_a_part_of_the_topics_is_played_whole_although_rows_are_missing(
    broker: Broker, service: Any
) -> None:
    part = [one for one in a_day() if one.channel != "up/rep"]
    report = await played(part, settings(broker), Controls(MAX))
    assert (report.is_whole, report.rows, report.acknowledged) == (True, 3, 3)
    assert sorted(seq for _, _, seq in service.stored) == [1, 5, 6]


async def test_a_row_that_was_turned_away_is_sent_again(broker: Broker, service: Any) -> None:
    take = service._take
    turned_away: list[bytes] = []

    async def busy(client: Any, topic: str, payload: bytes) -> None:
        if topic.endswith("up/set") and not turned_away:
            turned_away.append(payload)
        else:
            await take(client, topic, payload)

    service._take = busy
    report = await played(a_day(), settings(broker, patience_s=2.0), Controls(MAX))
    assert (report.is_whole, report.rows, report.acknowledged) == (True, 6, 6)
    assert len(turned_away) == 1


async def test_without_a_service_it_is_given_up_with_a_reason(broker: Broker) -> None:
    report = await played(a_day(), settings(broker, patience_s=0.5), Controls(MAX))
    assert report.problem is not None
    assert "acknowledged" in report.problem
    assert (report.is_whole, report.rows, report.unacked) == (False, 1, 1)


async def test_without_a_broker_it_is_given_up_with_a_reason(free_port: int) -> None:
    where = MessageSettings(broker=Place(host="127.0.0.1", port=free_port))
    report = await played(a_day(), where, Controls(MAX))
    assert report.problem is not None
    assert str(free_port) in report.problem


async def test_a_broker_that_dies_is_noticed(broker: Broker, service: Any) -> None:
    controls = Controls(Transport(rate=math.inf, is_paused=True))
    playing = asyncio.create_task(played(a_day(), settings(broker), controls))
    controls.press("step")
    await _until(lambda: len(service.stored) == 1)
    broker.kill()
    controls.press("pause")
    report = await playing
    assert report.problem is not None
    assert not report.is_whole


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 (the small service has no event)
            await asyncio.sleep(0.02)
