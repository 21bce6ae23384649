"""The true HTTP applications over a store, as a production serves them: people must sign in."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from openspine.simulation import ground
from services.access.proof import Proofs
from services.api.application import application
from services.api.context import Condition, Context, Identity
from services.api.door import Door
from services.api.metrics import Traffic
from services.keys.command import open_command_key
from services.keys.demo import PRESCRIBING_FOLDER
from services.keys.envelope import open_envelope_key
from services.keys.folder import for_agents
from services.keys.site import open_site_key
from services.live import Hub
from services.prescribing.app import prescribing
from services.prescribing.case import Desk
from services.store.reads import ReadLog

NOW_MS = ground.START_MS + 60 * 86_400_000  # the one moment of all requests
LISTED = Path(PRESCRIBING_FOLDER, "operators.json")  # in the folder of keys
CHEAP_KIB = 64  # of memory for a hash: what a guess costs is no matter here


class Silent(Hub):
    """A floor without a word: streams end at once."""

    async def watch(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        """Yield nothing."""
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one


def served(engine: Engine, keys: Path) -> FastAPI:
    """Build the service's application."""
    registry = CollectorRegistry()
    app = application(version="fuzz", origins=(), traffic=Traffic(registry), note=lambda *_, **__: None)
    app.state.context = Context(
        engine=engine,
        hub=Silent(lambda: NOW_MS),
        identity=Identity(
            version="fuzz", demo=False, zone="Asia/Hong_Kong", origin="sim", policy="steady", sign_in=True
        ),
        now_ms=lambda: NOW_MS,
        broker=lambda: Condition(ok=True, reason="connected"),
        model=lambda: Condition(ok=True, reason="loaded"),
        model_name=lambda: "rule",
        metrics=registry,
        door=Door(proofs=Proofs(CHEAP_KIB)),
        reads=ReadLog(engine),
        command=open_command_key(keys, demo=True),
        site_key=open_site_key(keys, make=True),
        agent_keys=partial(for_agents, keys),
    )
    return app


def served_prescriber(engine: Engine, keys: Path) -> FastAPI:
    """Build the prescriber's application."""
    app = prescribing(version="fuzz", listed=keys / LISTED, note=lambda *_, **__: None)
    key = open_envelope_key(keys / PRESCRIBING_FOLDER, demo=True)
    app.state.desk = Desk(engine=engine, key=key, origin="sim", now_ms=lambda: NOW_MS)
    return app


def bearer(token: str) -> dict[str, str]:
    """Carry a token as programs do; nobody's is none."""
    return {"Authorization": f"Bearer {token}"} if token else {}
