"""What a provider says of itself is read once, however many ask for it at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest

from services.access.trip import trip_of
from services.oidc import provider
from services.oidc.provider import WELL_KNOWN, Provider
from services.oidc.registered import Registered

ISSUER = "https://id.example"
REGISTERED = Registered(
    issuer=ISSUER,
    name="Studio account",
    client_id="studio",
    secret="s",  # noqa: S106 (of nobody)
    redirect="https://studio.example/sign-in",
    acr=(),
    amr=(),
)


class Counting:
    """Answers as a sound provider, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, address: str) -> dict[str, Any]:
        self.asked.append(address)
        return {"issuer": ISSUER} | dict.fromkeys(provider.ADDRESSES, f"{ISSUER}/there")


def test_who_waits_for_another_to_read_does_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counting, trip = Counting(), trip_of("secret")
    monkeypatch.setattr(provider, "Fetching", lambda: counting)
    asked = Provider(REGISTERED)

    @contextmanager
    def behind_another() -> Iterator[None]:
        monkeypatch.setattr(asked, "_lock", Lock())
        assert isinstance(asked.address(trip, is_again=False), str)
        yield

    monkeypatch.setattr(asked, "_lock", behind_another())
    assert isinstance(asked.address(trip, is_again=False), str)
    assert counting.asked == [ISSUER + WELL_KNOWN]
