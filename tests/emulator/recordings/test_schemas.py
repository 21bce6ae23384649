import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from recorded_scene import Scene

from contract import topics
from contract.schemas import message_schemas
from emulator.recordings.schemas import channel_schema


def foreign_to_foxglove(schema: dict[str, Any], path: str = "") -> list[str]:
    """List what Foxglove refuses: it wants an object, and one plain type for each of its properties."""
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        return [f"{path}: no object with properties"]
    found = []
    for name, one in schema["properties"].items():
        here = f"{path}.{name}"
        if "oneOf" in one:
            found.append(f"{here}: oneOf")
        shown = one["items"] if one.get("type") == "array" else one
        if shown.get("type") == "object":
            found += foreign_to_foxglove(shown, here)
        elif shown.get("type") not in ("boolean", "string", "number", "integer"):
            found.append(f"{here}: {shown.get('type')}")
    return found


@pytest.mark.parametrize("channel", topics.TOPICS)
def test_foxglove_can_show_every_channel(channel: topics.Channel) -> None:
    assert foreign_to_foxglove(json.loads(channel_schema(channel))) == []


def test_the_check_sees_what_foxglove_refuses() -> None:
    assert foreign_to_foxglove(message_schemas()["answer"])
    assert foreign_to_foxglove({"type": "object", "properties": {"a": {"type": ["string", "null"]}}})


@pytest.mark.parametrize("channel", topics.TOPICS)
def test_a_channel_shows_nearly_all_of_its_fields(channel: topics.Channel) -> None:
    shown = json.loads(channel_schema(channel))["properties"]
    fields = {name for kind in topics.TOPICS[channel].kinds for name in message_schemas()[kind]["properties"]}
    assert shown.keys() <= fields
    assert len(shown) >= 0.6 * len(fields), fields - shown.keys()


def test_the_schemas_are_as_strict_as_the_protocol(scene: Scene) -> None:
    judged = 0
    for record in scene.records:
        address = topics.parse(record.topic)
        assert address is not None
        validator = Draft202012Validator(json.loads(channel_schema(address.channel)))
        fields = json.loads(record.payload)
        assert validator.is_valid(fields), list(validator.iter_errors(fields))
        number = next(name for name, value in fields.items() if isinstance(value, int) and name != "v")
        assert not validator.is_valid(fields | {number: "word"})
        judged += 1
    assert judged == len(scene.records) > 40
