import pytest

from contract import topics
from contract.messages import BODIES, Origin


def test_every_recorded_kind_has_one_channel_upwards() -> None:
    for kind in BODIES:
        assert topics.TOPICS[topics.CHANNEL_OF_KIND[kind]].direction == "up"


def test_only_the_status_is_retained_and_no_command_ever() -> None:
    assert [topic.channel for topic in topics.TOPICS.values() if topic.retain] == ["up/status"]


def test_settings_and_holds_expire() -> None:
    expiring = {topic.channel: topic.expiry_s for topic in topics.TOPICS.values() if topic.expiry_s}
    assert expiring == {"down/setting": 30, "down/hold": 30}


@pytest.mark.parametrize("channel", topics.TOPICS)
@pytest.mark.parametrize("origin", ["real", "sim"])
def test_names_are_read_as_written(origin: Origin, channel: topics.Channel) -> None:
    address = topics.parse(topics.name(origin, "row-7", channel))
    assert address == topics.Address(origin=origin, machine="row-7", channel=channel)


@pytest.mark.parametrize(
    "text", ["", "ab", "UPPER", "a+b", "a#b", "a/b", "a" * 33, "svc-1", "rec-1", "sim-1", "row 1", "row\x00"]
)
def test_what_may_not_name_a_machine(text: str) -> None:
    assert not topics.is_machine_id(text)
    assert topics.parse(f"openspine/v1/{text}/up/rep") is None


@pytest.mark.parametrize(
    "topic", ["other/v1/row-1/up/rep", "openspine/v2/row-1/up/rep", "openspine/v1/row-1/up/none"]
)
def test_foreign_topics_are_none(topic: str) -> None:
    assert topics.parse(topic) is None
