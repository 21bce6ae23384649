"""What the routes work with; the composition root makes one and hangs it on the application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from contract.messages import Origin
from ml.artifact import Refused
from services.api.condition import Condition
from services.api.door import Door
from services.api.shared import MINUTE_MS, Shared
from services.chosen import Chosen
from services.keys.command import CommandKey
from services.live import Hub
from services.store.reads import ReadLog

__all__ = ["Condition", "Context", "Deciding", "Here", "Identity", "context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this service is."""

    version: str
    demo: bool
    zone: str
    origin: Origin
    policy: str
    sign_in: bool = False  # people must sign in before they see anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Who decides (None while it is being opened), who does in its shadow, and for how long at least."""

    champion: Chosen | None = None
    challenger: Chosen | Refused | None = None
    shadow_least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The store, the hub, the clock, and how broker and model are."""

    engine: Engine
    hub: Hub
    identity: Identity
    now_ms: Callable[[], int]
    broker: Callable[[], Condition]
    model: Callable[[], Condition]
    model_name: Callable[[], str]
    metrics: CollectorRegistry
    deciding: Callable[[], Deciding] = Deciding
    door: Door = field(default_factory=Door)
    shared: Shared = field(default_factory=Shared)
    sums: Shared = field(default_factory=lambda: Shared(stands_ms=MINUTE_MS))  # of weeks, for a minute
    reads: ReadLog | None = None  # who looked at whose data; None where that is written by nobody
    command: CommandKey | None = None  # signs what staff send to machines; None where nothing is sent
    site_key: bytes = b""  # binds limits to badges and codes
    agent_keys: Callable[[], Mapping[str, Mapping[str, str]]] = dict  # public keys that machines obey


async def context(request: Request) -> Context:
    """Find what the composition root made; as a plain function it would take a thread for it."""
    return cast("Context", request.app.state.context)


Here = Annotated[Context, Depends(context)]
