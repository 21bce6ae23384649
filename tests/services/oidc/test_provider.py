"""What a provider says of itself is read once, however many ask for it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from services.access.trip import trip_of
from services.oidc import kept, provider
from services.oidc.fetching import Away
from services.oidc.provider import KEPT_S, WELL_KNOWN, Provider
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


class Slow(Counting):
    """Reads a page for as long as a test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read, self.may_go = Event(), Event()

    def get(self, address: str) -> dict[str, Any]:
        self.is_read.set()
        assert self.may_go.wait(timeout=30.0)
        return super().get(address) | {"keys": []}


def test_who_waits_for_another_to_read_does_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, trip = Slow(), trip_of("secret")
    monkeypatch.setattr(provider, "Fetching", lambda: slow)
    monkeypatch.setattr(kept, "WAIT_S", 30.0)
    asked = Provider(REGISTERED)
    with ThreadPoolExecutor(max_workers=3) as pool:
        found = [pool.submit(asked.address, trip, is_again=False) for _ in range(3)]
        assert slow.is_read.wait(timeout=30.0)
        slow.may_go.set()
        assert [isinstance(one.result(), str) for one in found] == [True] * 3
    assert slow.asked == [ISSUER + WELL_KNOWN]


def test_who_would_wait_for_long_is_told_that_the_provider_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, trip = Slow(), trip_of("secret")
    monkeypatch.setattr(provider, "Fetching", lambda: slow)
    monkeypatch.setattr(kept, "WAIT_S", 0.01)
    asked = Provider(REGISTERED)
    with ThreadPoolExecutor(max_workers=1) as pool:
        first = pool.submit(asked.address, trip, is_again=False)
        assert slow.is_read.wait(timeout=30.0)
        assert asked.address(trip, is_again=False) == Away(why="provider_busy")
        slow.may_go.set()
        assert isinstance(first.result(), str)
    assert isinstance(asked.address(trip, is_again=False), str)


def test_keys_are_read_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(provider, "Fetching", lambda: slow)
    monkeypatch.setattr(kept, "WAIT_S", 30.0)
    asked = Provider(REGISTERED)
    with ThreadPoolExecutor(max_workers=3) as pool:
        found = [pool.submit(asked._signing, KEPT_S) for _ in range(3)]
        assert slow.is_read.wait(timeout=30.0)
        slow.may_go.set()
        assert [one.result() for one in found] == [[]] * 3
    assert slow.asked == [ISSUER + WELL_KNOWN, f"{ISSUER}/there"]
