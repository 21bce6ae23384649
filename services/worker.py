"""The composition root of a worker: a share of the messages, and nothing for screens.

Any number of them stand beside one service, each under a name of its own; the broker deals the messages out
among them. Rows of one machine, session or person are handled by one at a time (`services.store.locks`).
"""

import asyncio
import contextlib

from prometheus_client import CollectorRegistry, start_http_server

from services.api.metrics import Studio
from services.app import STOPPING, Service
from services.bus.anonymous import of_broker
from services.log import json_logger
from services.refusals import of_service, refuse_unsafe
from services.settings import Settings

HERE = "127.0.0.1"  # figures are for whoever looks after this computer


def open_worker(settings: Settings) -> Service:
    """Open what a worker works with; raises what `create_app` raises."""
    refuse_unsafe(of_service(settings), of_broker(settings, json_logger().warning), demo=settings.demo)
    return Service(settings)


async def work(service: Service, metrics_port: int | None) -> None:
    """Handle messages until the process is told to stop; the tables are brought up to date by the service."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in STOPPING:
        loop.add_signal_handler(number, stopped.set)
    if metrics_port is not None:
        start_http_server(metrics_port, addr=HERE, registry=_figures(service))
    working = asyncio.create_task(service.work())
    try:
        await stopped.wait()
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        service.engine.dispose()
        service.log.info("stopped")


def _figures(service: Service) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(
        Studio(
            engine=service.engine,
            hub=service.hub,
            broker=service.broker,
            model=service.model_in_use,
            delivered=service.delivered,
        )
    )
    return registry
