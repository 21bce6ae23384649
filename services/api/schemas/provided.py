"""Signing in at an identity provider, and whose account is whose there."""

from typing import Annotated

from pydantic import Field

from contract.messages.vocabulary import PLAIN_TEXT
from services.api.schemas.access import Language, OneTimeCode
from services.api.schemas.shape import Shape

NEXT_MOST = 2_000  # characters: what browsers take for an address
LeadsTo = Annotated[
    str,
    Field(max_length=NEXT_MOST, pattern=PLAIN_TEXT, examples=["https://studio.example/patients"]),
]
FromProvider = Annotated[str, Field(min_length=1, max_length=2_048, pattern="^[ -~]+$")]


class Departure(Shape):
    """A browser goes to the identity provider; `again`: to prove who has signed in here already."""

    next: LeadsTo = ""
    again: bool = Field(default=False, examples=[False])
    language: Language = "en"


class ProviderAddress(Shape):
    """Where the browser goes now."""

    address: str = Field(examples=["https://id.example/authorize?response_type=code"])


class Return(Shape):
    """What the identity provider gave the browser to bring back."""

    code: FromProvider = Field(examples=["SplxlOBeZQQYbYS6WxSbIA"])
    state: FromProvider = Field(examples=["mY0nX2vB7s2tW4uE6rT8yU0iOpA1sD5fG7hJ1kL3zQ4"])


class ReturnCode(Shape):
    """The own one-time code, where the provider saw no second factor."""

    code: OneTimeCode


class Arrival(Shape):
    """Where it leads on to; null: the own one-time code is still to come."""

    next: str | None = Field(examples=["https://studio.example/patients"])


class ProviderLink(Shape):
    """Somebody at the identity provider: the subject, or the address until the first verified sign-in."""

    subject: Annotated[str, Field(min_length=1, max_length=255, pattern=PLAIN_TEXT)] | None = Field(
        default=None, examples=["248289761001"]
    )
    email: Annotated[str, Field(pattern="^[^@ ]{1,64}@[^@ ]{1,255}$", max_length=320)] | None = Field(
        default=None, examples=["mei.chan@studio.example"]
    )
