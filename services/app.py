"""The composition root of the service: settings in, a running application out.

Reads the clock and the environment; opens database, model, message rim and log, and stops all of it again.
"""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from importlib.metadata import version
from types import FrameType

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from contract.messages import Origin
from services import collecting
from services.activation import refuse_unproven
from services.api.application import application
from services.api.context import Condition, Context, Deciding, Identity
from services.api.door import Door
from services.api.metrics import Delivered, Studio, Traffic
from services.bus import RIMS, SHARES, Broker, Bus, Rim, pace_at
from services.bus.anonymous import of_broker
from services.chosen import Chosen, challenger, champion
from services.clock import now_ms
from services.coaching import Desk, model_alert
from services.desk import open_desk
from services.keys.command import open_command_key
from services.keys.folder import for_agents
from services.keys.site import open_site_key
from services.live import Hub
from services.log import json_logger
from services.oidc.opening import open_provider
from services.oidc.registered import of_provider
from services.opened import open_store
from services.refusals import of_people, of_service, refuse_unsafe
from services.rounds import Rounds
from services.settings import Settings
from services.store.engine import upgrade, writing
from services.store.reads import ReadLog
from services.watching import Watch

STOPPING = (signal.SIGINT, signal.SIGTERM)
RESTART_LEAST_S, RESTART_MOST_S = 1.0, 30.0  # before messages are handled again after a failure, doubling
RULE = "rule"  # the model's name while none is loaded


def create_app(settings: Settings) -> FastAPI:
    """Build the service; it begins to work when the application's lifespan begins.

    Raises StartRefusedError, DatabaseSilentError, KeyRefusedError or ActivationRefusedError with the reason.
    """
    warn = json_logger().warning
    refuse_unsafe(of_service(settings), of_provider(settings), of_broker(settings, warn), demo=settings.demo)
    service = Service(settings)
    registry = CollectorRegistry()
    context = service.context(registry)
    registry.register(
        Studio(
            engine=service.engine,
            hub=service.hub,
            broker=service.broker,
            model=service.model_in_use,
            delivered=service.delivered,
        )
    )
    app = application(
        version=context.identity.version,
        origins=settings.allowed_origins(),
        traffic=Traffic(registry),
        note=service.log.info,
        lifespan=service.run,
        has_docs=settings.demo if settings.api_docs is None else settings.api_docs,
    )
    app.state.context = context
    return app


class Service:
    """Everything that runs beside the routes: model, message rim, live hub."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = json_logger()
        self.command = open_command_key(settings.keys, demo=settings.demo)
        self.site_key = open_site_key(settings.keys, make=settings.demo)
        self.engine = open_store(settings.database_url, settings.keys, demo=settings.demo)
        refuse_unsafe(of_people(self.engine), demo=settings.demo)
        refuse_unproven(settings, self.engine)
        self.hub = Hub(now_ms)
        self.chosen: Chosen | None = None
        self.desk: Desk | None = None
        self.bus: Bus | None = None
        self.failure = ""
        self.rounds = Rounds(
            engine=self.engine,
            origin=self.origin,
            now_ms=now_ms,
            model=lambda: self.desk.model if self.desk else RULE,
        )
        self.watch = Watch(
            engine=self.engine,
            champion=lambda: self.chosen,
            open_challenger=partial(challenger, settings),
            is_idle=lambda: self.desk is not None and self.delivered().waiting == 0,
        )

    def context(self, registry: CollectorRegistry) -> Context:
        """Put together what the routes work with."""
        settings = self.settings
        identity = Identity(
            version=version("openspine"),
            demo=settings.demo,
            zone=settings.zone,
            origin=self.origin,
            policy=settings.policy,
            sign_in=settings.asks_sign_in(),
        )
        door = Door(
            origins=settings.allowed_origins(),
            is_secure=settings.has_secure_cookies(),
            any_screen=settings.demo,
            provider=open_provider(settings),
        )
        return Context(
            engine=self.engine,
            hub=self.hub,
            identity=identity,
            now_ms=now_ms,
            broker=self.broker,
            model=self.model,
            model_name=lambda: self.desk.model if self.desk else RULE,
            metrics=registry,
            deciding=self.deciding,
            door=door,
            reads=ReadLog(self.engine),
            command=self.command,
            site_key=self.site_key,
            agent_keys=partial(for_agents, settings.keys),
        )

    @property
    def origin(self) -> Origin:
        """Whose data this service is about."""
        return self.settings.origin or ("sim" if self.settings.demo else "real")

    def deciding(self) -> Deciding:
        """Tell who decides, and who does in its shadow."""
        return Deciding(
            champion=self.chosen, challenger=self.watch.challenger, shadow_least=self.settings.shadow_least
        )

    @asynccontextmanager
    async def run(self, _app: FastAPI) -> AsyncIterator[None]:
        """Migrate, then serve while model and rim come up beside; end both at the end."""
        if self.settings.migrate:
            await asyncio.to_thread(upgrade, self.settings.database_url)
        working = [
            asyncio.create_task(self.work()),
            asyncio.create_task(self.watch.run()),
            asyncio.create_task(self.rounds.run()),
        ]
        try:
            with streams_end_with_the_process(self.hub):
                yield
        finally:
            self.hub.close()
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            self.engine.dispose()
            collecting.unsettle()
            self.log.info("stopped")

    async def work(self) -> None:
        """Handle messages until the end; what fails begins anew, and the broker sends again what is open."""
        loop, wait_s = asyncio.get_running_loop(), RESTART_LEAST_S
        while True:
            began_s = loop.time()
            try:
                await self._handle_messages()
            except Exception as error:
                self.bus, self.failure = None, f"{type(error).__name__}; the log says more"
                self.log.exception("message rim failed")
            else:
                return
            if loop.time() - began_s > RESTART_MOST_S:
                wait_s = RESTART_LEAST_S
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RESTART_MOST_S)

    async def _handle_messages(self) -> None:
        """Load the model, then handle messages until the end."""
        if self.desk is None:
            self.desk = await asyncio.to_thread(self._open_desk)
        if (rim := self._rim()) is not None:
            pace = pace_at(self.settings.machine_rate_per_s)
            self.bus = Bus(rim, self.engine, self.desk, self.hub.on_live, now_ms, pace)
            self.bus.note = self.log.info
            self.log.info("message rim starts", rim=self.settings.mqtt, port=self.settings.mqtt_port)
            await self.bus.run()

    def _open_desk(self) -> Desk:
        """Open who decides; staff hear of a model that is refused, before anything is decided without it."""
        chosen = self.chosen = champion(self.settings)
        self.log.info(
            "model loaded",
            model=chosen.effort.name,
            policy=chosen.policy,
            signed_by=chosen.signed_by,
            refused=chosen.refused,
        )
        with writing(self.engine) as connection:
            model_alert.tell(connection, chosen.refused, self.origin, now_ms())
        desk = open_desk(self.settings, self.command, self.site_key, chosen)
        collecting.settle()  # what is loaded stays
        return desk

    def _rim(self) -> Rim | None:
        if self.settings.mqtt == "none":
            return None
        broker = Broker(
            host=self.settings.mqtt_host,
            port=self.settings.mqtt_port,
            client_id=self.settings.mqtt_client_id,
            password=self.settings.mqtt_password(),
            tls=self.settings.mqtt_context(),
            shares=SHARES[self.settings.mqtt_part],
        )
        return RIMS[self.settings.mqtt](broker)

    def broker(self) -> Condition:
        """Tell how the link to the broker is."""
        settings = self.settings
        if settings.mqtt == "none":
            return Condition(ok=True, reason="this process handles no messages")
        address = f"{settings.mqtt_host}:{settings.mqtt_port}"
        if self.bus is not None and self.bus.is_connected:
            return Condition(ok=True, reason=f"connected to {address}")
        return Condition(ok=False, reason=self.failure or f"not connected to {address}")

    def model(self) -> Condition:
        """Tell whether the effort model is there."""
        if self.desk is None:
            return Condition(ok=False, reason=self.failure or "loading")
        chosen = self.chosen
        if chosen is None or not chosen.refused:
            said = "" if chosen is None or chosen.signed_by else " (nobody vouches for it)"
            return Condition(ok=True, reason=f"{self.desk.model}{said}")
        return Condition(ok=True, reason=f"{self.desk.model} in place of the model: {chosen.refused}")

    def model_in_use(self) -> Condition:
        """Tell whether the model decides, and not the rule in its place."""
        found = self.model()
        is_refused = self.chosen is not None and bool(self.chosen.refused)
        return Condition(ok=found.ok and not is_refused, reason=found.reason)

    def delivered(self) -> Delivered:
        """Tell what the rim has done since the start."""
        if (bus := self.bus) is None:
            return Delivered()
        return Delivered(
            stored=bus.counts.stored,
            duplicates=bus.counts.duplicates,
            rejected=bus.counts.rejected,
            too_fast=bus.counts.too_fast,
            no_room=bus.counts.no_room,
            forgotten=bus.counts.forgotten,
            batches=bus.counts.batches,
            failed=bus.counts.failed_transactions,
            published=bus.counts.published,
            waiting=bus.waiting,
        )


@contextmanager
def streams_end_with_the_process(hub: Hub) -> Iterator[None]:
    """End the event streams at the stop signal: the HTTP server waits for them before the lifespan."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals; a test closes its streams itself
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in STOPPING}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        server = before[signal.Signals(number)]
        if callable(server):
            server(number, frame)

    for number in STOPPING:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
