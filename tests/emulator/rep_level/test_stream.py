from contract.messages import SignOut
from emulator.rep_level.stream import DAY_MS, Stream

SESSION = "33333333-3333-4333-8333-333333333333"


def test_rows_are_numbered_through_days_and_boots() -> None:
    stream = Stream("row-1", 1)
    heads = []
    for day in range(2):
        stream.switch_on(day * DAY_MS)
        stream.wait(1.5)
        heads += [stream.record(SignOut(), SESSION).head for _ in range(2)]
    assert [head.seq for head in heads] == [1, 2, 3, 4]
    assert [head.mono_ms for head in heads] == [1_500] * 4
    assert [head.wall_ms for head in heads] == [1_500, 1_500, DAY_MS + 1_500, DAY_MS + 1_500]
    assert len({head.boot for head in heads}) == 2
    assert len({head.stream for head in heads}) == 1


def test_machines_and_seeds_have_streams_of_their_own() -> None:
    streams = {Stream(machine, seed).stream for machine in ("row-1", "row-2") for seed in (1, 2)}
    assert len(streams) == 4
    assert Stream("row-1", 1).stream in streams


def test_nobody_is_served_before_they_come() -> None:
    stream = Stream("row-1", 1)
    stream.switch_on(0)
    stream.not_before(5_000)
    stream.not_before(3_000)
    assert stream.wall_ms == 5_000
