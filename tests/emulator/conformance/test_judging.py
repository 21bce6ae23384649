import pytest

from emulator.conformance.judging import most_within


@pytest.mark.parametrize(
    ("times", "seconds", "most"),
    [
        ([], 1.0, 0),
        ([0.0, 0.4, 0.9], 1.0, 3),
        ([0.0, 0.5, 1.0, 1.4], 1.0, 3),  # the first lies a whole second before the third
        ([0.0, 1.0, 2.0, 3.0], 1.0, 1),
    ],
)
def test_the_fullest_stretch_is_found(times: list[float], seconds: float, most: int) -> None:
    assert most_within(seconds, times) == most


def test_a_burst_after_a_stall_is_no_flood_and_a_flood_is_one() -> None:
    paced = [place / 20 for place in range(200)]
    stalled = [max(at_s, 3.0) if 1.0 < at_s <= 3.0 else at_s for at_s in paced]  # two seconds come at once
    flood = [place / 100 for place in range(1_000)]
    assert most_within(1, stalled) > 55
    assert most_within(5, stalled) <= 255 < most_within(5, flood)
