"""What auditors ask."""

from typing import Any

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At


class AuditEntry(Shape):
    """Who did what to which thing; words of people and health values are digests."""

    number: int = Field(description="place in the chain, without gaps", examples=[41])
    at: At
    actor: str = Field(examples=["5f6d0c9e-5c0b-4f5e-9d0a-3f4f9b6a1c11"])
    action: str = Field(examples=["limits.sign"])
    thing: str = Field(examples=["patient"])
    thing_id: str = Field(description="a pseudonym", examples=["0d9f3b8a-62a7-4d8e-8d64-0a8f4b0f6f11"])
    detail: dict[str, Any] = Field(
        examples=[{"kind": "row", "version": 3, "reason": "hmac:980fd4a9efabec629ce7f72f77f352a0"}]
    )
    seal: str = Field(description="HMAC-SHA256 of the entry and the seal before it", examples=["9c1b" * 16])
