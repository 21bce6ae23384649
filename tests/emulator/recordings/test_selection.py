import pytest

from emulator.recordings.selection import topic_fits

TOPIC = "openspine-sim/v1/rotation-1/up/rep"


@pytest.mark.parametrize(
    "pattern",
    [TOPIC, "up/rep", "up/+", "up/#", "+/rep", "#", "rotation-1/up/#", "+/up/rep", "openspine-sim/v1/+/up/#"],
)
def test_a_filter_fits_with_or_without_what_stands_before_the_channel(pattern: str) -> None:
    assert topic_fits(pattern, TOPIC)


@pytest.mark.parametrize(
    "pattern", ["up/set", "down/#", "rep", "up", "up/rep/+", "rotation-2/up/rep", "openspine/v1/+/up/#", ""]
)
def test_another_topic_does_not_fit(pattern: str) -> None:
    assert not topic_fits(pattern, TOPIC)


def test_a_topic_that_is_none_of_ours_is_matched_whole() -> None:
    assert topic_fits("a/b/c/up/rep", "a/b/c/up/rep")
    assert not topic_fits("up/rep", "a/b/c/up/rep")
