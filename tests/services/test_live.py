import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import pairwise

import pytest

from contract.messages import Frame, Status
from services import live
from services.live import Beat, FrameSeen, FramesSeen, Hub, Seen, StateSeen, Thin, among

BOOT = "22222222-2222-4222-8222-222222222222"
NOW_MS = 1_000


def a_frame(number: int = 0, set_number: int = 1) -> Frame:
    return Frame(mono_ms=number, set=set_number, rep=1, deg=0.0, target_deg=0.0, nm=0.0, phase="hold")


def a_status(state: str = "IDLE", mono_ms: int = 1, session: str | None = None) -> Status:
    return Status(online=True, wall_ms=1, mono_ms=mono_ms, boot=BOOT, state=state, session=session)


@pytest.fixture
def hub() -> Hub:
    return Hub(lambda: NOW_MS)


async def begin(stream: AsyncIterator[Seen]) -> asyncio.Task[Seen]:
    """Ask for the next sight and let the stream run up to its wait."""
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


async def test_viewer_gets_the_state_of_every_machine_first(hub: Hub) -> None:
    hub.on_status("sim", "a-1", a_status("IDLE"))
    hub.on_status("sim", "b-1", a_status("WORKING"))
    hub.on_status("real", "c-1", a_status())
    stream = hub.watch("sim")
    seen = [await anext(stream), await anext(stream)]
    assert [(one.machine, one.status.state) for one in seen if isinstance(one, StateSeen)] == [
        ("a-1", "IDLE"),
        ("b-1", "WORKING"),
    ]


async def test_frames_reach_the_viewers_of_that_machine_and_of_the_floor_only(hub: Hub) -> None:
    floor, ours, other = hub.watch("sim"), hub.watch("sim", "a-1"), hub.watch("sim", "b-1")
    waiting = [await begin(stream) for stream in (floor, ours, other)]
    hub.on_frame("sim", "a-1", a_frame(7))
    assert await waiting[0] == await waiting[1] == FrameSeen(machine="a-1", frame=a_frame(7))
    await asyncio.sleep(0)
    assert not waiting[2].done()
    waiting[2].cancel()


async def test_slow_viewer_loses_the_oldest_frames_and_no_state(hub: Hub) -> None:
    stream = hub.watch("sim")
    waiting = await begin(stream)
    for number in range(live.QUEUE_FRAMES + 3):
        hub.on_frame("sim", "a-1", a_frame(number))
        hub.on_status("sim", "a-1", a_status(f"STATE-{number}"))
    seen = [await waiting] + [await anext(stream) for _ in range(live.QUEUE_FRAMES)]
    assert isinstance(seen[0], StateSeen)
    assert seen[0].status.state == f"STATE-{live.QUEUE_FRAMES + 2}"
    frames = [one.frame.mono_ms for one in seen if isinstance(one, FrameSeen)]
    assert frames == list(range(3, live.QUEUE_FRAMES + 3))
    assert hub.dropped == 3


async def test_slow_viewer_costs_the_others_nothing(hub: Hub) -> None:
    slow, quick = hub.watch("sim"), hub.watch("sim")
    first_slow, first_quick = await begin(slow), await begin(quick)
    hub.on_frame("sim", "a-1", a_frame(0))
    got = [await first_quick]
    for number in range(1, 20):
        waiting = await begin(quick)
        hub.on_frame("sim", "a-1", a_frame(number))
        got.append(await waiting)
    assert [one.frame.mono_ms for one in got if isinstance(one, FrameSeen)] == list(range(20))
    assert isinstance(await first_slow, FrameSeen)


async def test_unchanged_status_is_no_news(hub: Hub) -> None:
    hub.on_status("sim", "a-1", a_status(mono_ms=1))
    stream = hub.watch("sim")
    await anext(stream)
    waiting = await begin(stream)
    hub.on_status("sim", "a-1", a_status(mono_ms=60_001))
    await asyncio.sleep(0)
    assert not waiting.done()
    hub.on_status("sim", "a-1", a_status("FAULT", mono_ms=60_002))
    seen = await waiting
    assert isinstance(seen, StateSeen)
    assert seen.status.state == "FAULT"


def test_a_change_is_told_from_a_mere_movement(hub: Hub) -> None:
    seen = [hub.changes("sim")]
    happenings: tuple[Callable[[], None], ...] = (
        lambda: hub.on_status("sim", "a-1", a_status("IDLE")),
        lambda: hub.on_status("sim", "a-1", a_status("IDLE", mono_ms=9)),
        lambda: hub.on_status("sim", "a-1", a_status("WORKING")),
        lambda: hub.on_frame("sim", "a-1", a_frame(1)),
        lambda: hub.on_frame("sim", "a-1", a_frame(2)),
        lambda: hub.on_frame("sim", "a-1", a_frame(3, set_number=0)),
        lambda: hub.on_status("real", "a-1", a_status("WORKING")),
        lambda: hub.note_change("sim"),
    )
    for happen in happenings:
        happen()
        seen.append(hub.changes("sim"))
    changed = [before != after for before, after in pairwise(seen)]
    assert changed == [True, False, True, True, False, True, False, True]


async def test_silence_is_broken_by_a_heartbeat(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.0)
    assert await anext(hub.watch("sim")) == Beat(at_ms=NOW_MS, dropped=0)


async def test_close_ends_every_stream_and_forgets_its_viewer(hub: Hub) -> None:
    stream = hub.watch("sim")
    waiting = await begin(stream)
    assert hub.viewers == 1
    hub.close()
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert hub.viewers == 0


async def test_viewer_that_leaves_is_forgotten(hub: Hub) -> None:
    stream = hub.watch("sim")
    waiting = await begin(stream)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert hub.viewers == 0


def test_last_word_of_each_machine_is_kept_by_origin(hub: Hub) -> None:
    hub.on_status("sim", "a-1", a_status())
    hub.on_frame("sim", "a-1", a_frame(3))
    hub.on_frame("real", "a-1", a_frame(4))
    heard = hub.heard("sim")
    assert set(heard) == {"a-1"}
    assert (heard["a-1"].at_ms, heard["a-1"].frame, heard["a-1"].status) == (NOW_MS, a_frame(3), a_status())


def test_frame_of_an_earlier_session_is_forgotten(hub: Hub) -> None:
    hub.on_status("sim", "a-1", a_status(session="one"))
    hub.on_frame("sim", "a-1", a_frame(3))
    hub.on_status("sim", "a-1", a_status("WORKING", session="one"))
    assert hub.heard("sim")["a-1"].frame == a_frame(3)
    hub.on_status("sim", "a-1", a_status(session="two"))
    assert hub.heard("sim")["a-1"].frame is None


def shown(seen: Seen) -> list[tuple[str, int]]:
    """List machine and number of what a sight holds."""
    frames = seen.frames if isinstance(seen, FramesSeen) else (seen,)
    return [(one.machine, one.frame.mono_ms) for one in frames if isinstance(one, FrameSeen)]


async def test_a_thinned_floor_comes_in_batches_of_the_newest_and_one_machine_whole() -> None:
    clock = [NOW_MS]
    hub = Hub(lambda: clock[0])
    stream = hub.watch("sim", thin=Thin(pace_ms=250, traced="b-1"))
    waiting = await begin(stream)
    hub.on_frame("sim", "a-1", a_frame(0))
    assert shown(await waiting) == [("a-1", 0)]  # the first one is due at once
    waiting = await begin(stream)
    for number in range(1, 5):
        clock[0] += 50
        hub.on_frame("sim", "a-1", a_frame(number))
    await asyncio.sleep(0)
    assert not waiting.done()
    hub.on_frame("sim", "b-1", a_frame(7))
    assert shown(await waiting) == [("b-1", 7)]
    waiting = await begin(stream)
    clock[0] += 50
    hub.on_frame("sim", "c-1", a_frame(9))
    assert shown(await waiting) == [("a-1", 4), ("c-1", 9)]
    assert hub.dropped == 0


async def test_what_waits_for_a_batch_goes_with_the_heartbeat_at_the_latest(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOW_MS]
    hub = Hub(lambda: clock[0])
    stream = hub.watch("sim", thin=Thin(pace_ms=250))
    waiting = await begin(stream)
    hub.on_frame("sim", "a-1", a_frame(0))
    await waiting
    hub.on_frame("sim", "a-1", a_frame(1))
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.0)
    clock[0] += 5_000
    assert await anext(stream) == Beat(at_ms=clock[0], dropped=0)
    assert shown(await anext(stream)) == [("a-1", 1)]


def test_of_a_sight_only_the_machines_of_a_site_are_left() -> None:
    ours, other = (FrameSeen(machine=name, frame=a_frame(1)) for name in ("a-1", "b-1"))
    beat = Beat(at_ms=NOW_MS, dropped=0)
    assert among(FramesSeen(frames=(ours, other)), {"a-1"}) == FramesSeen(frames=(ours,))
    assert among(FramesSeen(frames=(other,)), {"a-1"}) is None
    assert (among(ours, {"a-1"}), among(other, {"a-1"}), among(beat, ())) == (ours, None, beat)
