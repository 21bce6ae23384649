"""A person's data as a whole."""

from typing import Any

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import Id


class Everything(Shape):
    """Every row about a person, by table, named as in the store; hashes of PINs and tokens are left out."""

    patient: Id
    tables: dict[str, list[dict[str, Any]]] = Field(
        examples=[
            {"visit": [{"id": "0d9f3b8a-62a7-4d8e-8d64-0a8f4b0f6f11", "day": "2026-03-02", "number": 1}]}
        ]
    )


class NewErasure(Shape):
    """Why a person is erased; figures of sets may stay with nobody where research was agreed to."""

    reason: str = Field(min_length=1, max_length=200, examples=["The person asked for it in writing."])
    keep_measured: bool = Field(default=True, examples=[True])


class Erasure(Shape):
    """What an erasure has taken, and what stays with nobody."""

    patient: Id
    rows: int = Field(description="deleted or emptied", examples=[4210])
    messages: int = Field(description="on their way out, or unread", examples=[2])
    sessions_kept: int = Field(examples=[0])
