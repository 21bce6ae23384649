"""The JSON Schemas inside a recording: strict for validators, and plain enough for Foxglove.

Foxglove reads `properties` alone and refuses a schema with a property that has no single plain type. So the
properties name what it can show, and everything else that the protocol demands stands in `anyOf`.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from contract import topics
from contract.schemas import DIALECT, message_schemas

ENCODING = "jsonschema"
PLAIN = ("string", "integer", "number", "boolean")
Json = dict[str, Any]


@cache
def channel_schema(channel: topics.Channel) -> bytes:
    """Write the schema of everything that travels on a channel."""
    kinds = topics.TOPICS[channel].kinds
    strict = [message_schemas()[kind] for kind in kinds]
    schema = {
        "$schema": DIALECT,
        "title": channel,
        "type": "object",
        "properties": _shared([_properties(one, one["$defs"]) for one in strict]),
        "anyOf": strict,
    }
    return json.dumps(schema, sort_keys=True).encode()


def _shared(found: list[Json]) -> Json:
    """Join the properties of several kinds; one that has two types among them is left to `anyOf`."""
    joined: Json = {}
    for properties in found:
        for name, schema in properties.items():
            joined.setdefault(name, []).append(schema)
    return {name: schemas[0] for name, schemas in joined.items() if all(one == schemas[0] for one in schemas)}


def _properties(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Json:
    shown = {name: _shown(one, parts) for name, one in schema.get("properties", {}).items()}
    return {name: one for name, one in shown.items() if one is not None}


def _shown(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Json | None:
    """Reduce a property to its plain type; None when it has no single one (such as a text or null)."""
    if "$ref" in schema:
        return _shown(parts[schema["$ref"].rpartition("/")[2]], parts)
    kind = schema.get("type")
    if "const" in schema or "enum" in schema:
        return {"type": "string"}
    if kind in PLAIN:
        return {"type": kind}
    if kind == "object":
        return {"type": "object", "properties": _properties(schema, parts)}
    return _list(schema, parts) if kind == "array" else None


def _list(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Json | None:
    items = schema.get("prefixItems") or [schema.get("items") or {}]
    shown = [_shown(one, parts) for one in items]
    is_even = all(one == shown[0] for one in shown)
    if shown[0] is None or shown[0]["type"] == "array" or not is_even:
        return None
    return {"type": "array", "items": shown[0]}
