import math

from contract.recording import Sample
from emulator.recordings.detected import detect

BEAT_MS = 20


def arm(*moves: tuple[float, float], start_deg: float = 0.0) -> list[Sample]:
    """Move from angle to angle, each in so many seconds, along half a cosine."""
    samples = [Sample(mono_ms=0, deg=start_deg, deg_s=0, torque_nm=0)]
    for target_deg, seconds in moves:
        from_deg, steps = samples[-1].deg, round(seconds * 1_000 / BEAT_MS)
        for step in range(1, steps + 1):
            share = (1 - math.cos(math.pi * step / steps)) / 2
            deg = from_deg + share * (target_deg - from_deg)
            now_ms = samples[-1].mono_ms + BEAT_MS
            samples.append(Sample(mono_ms=now_ms, deg=deg, deg_s=0, torque_nm=deg + 1))
    return samples


REP = ((50.0, 2.0), (10.0, 2.0), (10.0, 1.0))


def test_repetitions_are_found_with_their_times_and_angles() -> None:
    found = detect(arm((10, 1), *REP, *REP))
    assert len(found.reps) == 2
    first = found.reps[0]
    assert abs(first.top_deg - 50) < 0.5
    assert first.start_s < first.top_s < first.end_s < found.reps[1].start_s
    assert abs(first.top_s - 3.0) < 0.1
    assert first.peak_torque_nm == first.top_deg + 1
    assert not first.is_partial
    assert abs(found.span_deg - 40) < 10


def test_moving_to_the_start_is_no_repetition() -> None:
    found = detect(arm((0, 0.5), (25, 8), (25, 2), *((60.0, 2.0), (25.0, 2.0), (25.0, 1.0)) * 3))
    assert len(found.reps) == 3
    [positioning] = found.positioning
    assert (round(positioning.from_deg), round(positioning.to_deg)) == (0, 25)
    assert 0.5 < positioning.start_s < positioning.end_s < found.reps[0].start_s


def test_what_moves_after_the_last_repetition_is_told_too() -> None:
    found = detect(arm((10, 1), *REP, *REP, (0, 4), (0, 2)))
    assert len(found.reps) == 2
    last = found.positioning[-1]
    assert last.start_s >= found.reps[-1].end_s
    assert last.to_deg == 0


def test_a_short_repetition_is_partial() -> None:
    found = detect(arm((10, 1), *REP, *REP, (38, 2), (10, 2), (10, 1)))
    assert [one.is_partial for one in found.reps] == [False, False, True]


def test_an_arm_that_stands_does_nothing() -> None:
    found = detect(arm((0, 5)))
    assert (found.reps, found.positioning, found.span_deg) == ((), (), 0)
