"""Names of resources that stay the same in every export, and references that resolve inside the bundle."""

from typing import Final
from uuid import UUID, uuid5

from services.exports.fhir.codes import Json

SPACE: Final = UUID("b7d65f0e-7d4c-5d3c-9a35-2f5f6b0f3c51")  # of this export alone; never change it


def made(resource: str, key: str) -> str:
    """Name a resource by its type and by what it is made of."""
    return str(uuid5(SPACE, f"{resource}/{key}"))


def resource(kind: str, key: str) -> Json:
    """Begin a resource."""
    return {"resourceType": kind, "id": made(kind, key)}


def reference(kind: str, key: str, display: str | None = None) -> Json:
    """Point to a resource of the same bundle."""
    named = {"reference": f"urn:uuid:{made(kind, key)}", "type": kind}
    return named | ({"display": display} if display else {})
