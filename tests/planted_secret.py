"""Requests with a secret in every place that a description names: no answer may ever hold it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient

SECRET = "Zq7-planted-9vX"  # noqa: S105 (what is looked for)
FIELD = re.compile(r'"where":"body\.[a-z]')  # not of a place in what is no JSON
BODIES = (
    f'{{"{SECRET}": 1}}',
    f'"{SECRET}"',
    f'["{SECRET}"]',
    f"{{{SECRET}",
    f'{{"a": "\\u0000{SECRET}"}}',
    f'{{"a": "\\ud800{SECRET}"}}',
)


def whole(path: str) -> str:
    return path.replace("{", "").replace("}", "")


def around(client: TestClient, method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    """Ask with the secret in the path, in each parameter and in headers."""
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    secret_path = path.replace("{", f"{SECRET}-").replace("}", "")
    yield client.request(method, secret_path).text
    yield client.request(method, whole(path), params=dict.fromkeys([*names, SECRET], SECRET)).text
    headers = dict.fromkeys(
        ("Idempotency-Key", "If-Match", "Accept", "X-Note", "Content-Type", "Origin"), SECRET
    )
    yield client.request(method, whole(path), headers=headers).text


def within(
    client: TestClient, method: str, path: str, operation: dict[str, Any], described: dict[str, Any]
) -> Iterator[str]:
    """Ask with the secret in the body and in each of its fields."""
    headers = {"Content-Type": "application/json"}
    for body in (*BODIES, *_bodies(operation, described)) if "requestBody" in operation else ():
        yield client.request(method, whole(path), content=body, headers=headers).text


def _bodies(operation: dict[str, Any], described: dict[str, Any]) -> Iterator[str]:
    """Put the secret into each field of the example of a body, where it is refused."""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    schema = next((one for one in schema.get("anyOf", ()) if "$ref" in one), schema)
    shape = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name in shape["properties"]:
        for wrong in (f"{SECRET}\u0000", [SECRET], {SECRET: SECRET}):
            yield json.dumps(shape["examples"][0] | {name: wrong})
