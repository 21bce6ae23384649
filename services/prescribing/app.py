"""The composition root of the prescribing process: it signs limits into the shared database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError

from services.api import problems
from services.api.body_limit import BodyLimit
from services.api.metrics import Traffic
from services.api.observing import Observed
from services.api.schemas import Alive
from services.clock import now_ms
from services.keys.audit import open_audit_key
from services.keys.envelope import open_envelope_key
from services.log import json_logger
from services.prescribing import operators, proposing
from services.prescribing.case import Desk
from services.prescribing.guarded import OperatorsOnly
from services.prescribing.refusals import of_prescriber
from services.prescribing.routes import router
from services.prescribing.settings import PrescribingSettings
from services.refusals import of_people, refuse_unsafe
from services.sealing import Secrets
from services.store.engine import open_engine
from services.store.reading import operations as store


def create_prescriber(settings: PrescribingSettings) -> FastAPI:
    """Build the prescribing process; whoever starts it first has made the tables.

    Raises StartRefusedError for what a production must not have, DatabaseSilentError when nobody can tell,
    KeyRefusedError when the key, OperatorsUnusableError when the list of operators cannot be used.
    """
    refuse_unsafe(of_prescriber(settings), demo=settings.demo)
    key = open_envelope_key(settings.envelope_keys, demo=settings.demo)
    operators.read(settings.operators_file())
    log = json_logger()
    audit = open_audit_key(settings.envelope_keys, make=settings.demo)
    engine = open_engine(settings.database_url, Secrets(audit=audit))
    refuse_unsafe(of_people(engine), demo=settings.demo)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        log.info("prescribing", key=key.key_id, demo=settings.demo)
        yield
        engine.dispose()

    app = FastAPI(
        title="OpenSpine prescribing",
        version=version("openspine"),
        docs_url=None,  # both pages load scripts from foreign hosts
        redoc_url=None,
        lifespan=life,
        generate_unique_id_function=lambda route: route.name,
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(OperatorsOnly, listed=settings.operators_file())
    app.add_middleware(Observed, traffic=Traffic(CollectorRegistry()), note=log.info)
    problems.install(app)
    app.include_router(router)
    app.include_router(proposing.router)
    origin = settings.origin or ("sim" if settings.demo else "real")
    app.state.desk = Desk(engine=engine, key=key, origin=origin, now_ms=now_ms)

    @app.get("/healthz")
    def read_health() -> Alive:
        return Alive(status="ok")

    @app.get("/readyz")
    def read_readiness(response: Response) -> dict[str, str]:
        reason = _database(app)
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK
        return {"status": reason or "ready"}

    return app


def _database(app: FastAPI) -> str:
    """Say why the database is of no use; empty when it is well."""
    try:
        with app.state.desk.engine.connect() as connection:
            level = store.revision(connection)
    except DBAPIError:
        return "the database does not answer"
    needed = store.newest_revision()
    return "" if level == needed else f"the database is at {level}, needed {needed}"
