"""The published form of the protocol: JSON Schemas and AsyncAPI 3, generated from the messages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from contract import topics
from contract.messages import BODIES, Ack, Frame, Head, Hold, Plan, Setting, Status
from contract.recording import Sample

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: dict[str, type] = {
    "status": Status,
    "frame": Frame,
    "plan": Plan,
    "setting": Setting,
    "hold": Hold,
    "ack": Ack,
    "sample": Sample,
}


def message_schemas() -> dict[str, Json]:
    """Write one self-contained JSON Schema for each kind of message, by kind."""
    recorded = {kind: _recorded(kind, body) for kind, body in BODIES.items()}
    return recorded | {kind: _plain(kind, wanted) for kind, wanted in _PLAIN.items()}


def asyncapi() -> Json:
    """Write the AsyncAPI 3 document: channels and operations as a machine sees them."""
    channels: Json = {}
    operations: Json = {}
    for channel, topic in topics.TOPICS.items():
        if topic.direction == "local":
            continue
        channels[_word(channel)] = {
            "address": "{root}/v1/{machine}/" + channel,
            "parameters": {
                "root": {
                    "enum": list(topics.ROOTS.values()),
                    "description": "real machines, or simulated ones",
                },
                "machine": {"description": "the machine's id, equal to its client id and user name"},
            },
            "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in topic.kinds},
        }
        operations[_word(channel)] = {
            "action": "send" if topic.direction == "up" else "receive",
            "channel": {"$ref": f"#/channels/{_word(channel)}"},
            "bindings": {"mqtt": _binding(topic)},
        }
    kinds = [kind for topic in topics.TOPICS.values() if topic.direction != "local" for kind in topic.kinds]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "OpenSpine machine protocol",
            "version": "1.1.0",
            "description": "What an exercise machine says and hears over MQTT 5. See docs/protocol.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {
                kind: {"name": kind, "payload": {"$ref": f"./schemas/{kind}.json"}} for kind in kinds
            }
        },
    }


def published() -> Iterator[tuple[str, str]]:
    """Yield every generated file as (path below docs/protocol, text)."""
    yield "asyncapi.json", _text(asyncapi())
    for kind, schema in message_schemas().items():
        yield f"schemas/{kind}.json", _text(schema)


def write(folder: Path) -> int:
    """Write the generated files below the folder; return how many there are."""
    count = 0
    for count, (path, text) in enumerate(published(), start=1):  # noqa: B007 - the count is the result
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return count


def _recorded(kind: str, body: type) -> Json:
    """Join head and body: on the wire they are one flat object, and unknown fields are kept."""
    _, parts = msgspec.json.schema_components([Head, body], ref_template="#/$defs/{name}")
    head, fields = parts.pop("Head"), parts.pop(body.__name__)
    return {
        "$schema": DIALECT,
        "$id": f"{kind}.json",
        "title": kind,
        "description": fields.get("description", ""),
        "type": "object",
        "properties": head["properties"] | {"kind": {"const": kind}} | fields["properties"],
        "required": sorted({*head["required"], *fields["required"]}),
        "$defs": parts,
    }


def _plain(kind: str, wanted: type) -> Json:
    _, parts = msgspec.json.schema_components([wanted], ref_template="#/$defs/{name}")
    schema = parts.pop(wanted.__name__)
    if topics.TOPICS[topics.CHANNEL_OF_KIND[kind]].direction == "down":
        for part in (schema, *parts.values()):
            part["additionalProperties"] = False  # strict down: an unknown field is refused
    return {"$schema": DIALECT, "$id": f"{kind}.json", **schema, "title": kind, "$defs": parts}


def _binding(topic: topics.Topic) -> Json:
    binding: Json = {"qos": topic.qos, "retain": topic.retain, "bindingVersion": "0.2.0"}
    return binding | ({"messageExpiryInterval": topic.expiry_s} if topic.expiry_s else {})


def _word(channel: str) -> str:
    return channel.replace("/", "_")


def _text(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
