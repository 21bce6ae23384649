"""Print the OpenAPI description: `python -m services.api > docs/openapi.json` renews the snapshot."""

import json
import sys
from typing import Any

from prometheus_client import CollectorRegistry

from services.api.application import application
from services.api.metrics import Traffic

VERSION = "1"  # of the API; the version of the software is not part of the contract


def description() -> dict[str, Any]:
    """Describe `/v1` and what stands beside it, without a studio behind it."""
    traffic = Traffic(CollectorRegistry())
    return application(version=VERSION, origins=(), traffic=traffic, note=lambda *_, **__: None).openapi()


def text() -> str:
    """Write the description as it is kept in docs/openapi.json."""
    return json.dumps(description(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
