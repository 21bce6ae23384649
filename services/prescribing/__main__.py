"""Print the OpenAPI description: `python -m services.prescribing > docs/openapi-prescriber.json`."""

import json
import sys
from pathlib import Path
from typing import Any

from services.prescribing.app import prescribing

VERSION = "1"  # of the API; the version of the software is not part of the contract


def description() -> dict[str, Any]:
    """Describe what is signed under `/v1`, without a studio and without operators behind it."""
    return prescribing(version=VERSION, listed=Path(), note=lambda *_, **__: None).openapi()


def text() -> str:
    """Write the description as it is kept in docs/openapi-prescriber.json."""
    return json.dumps(description(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
