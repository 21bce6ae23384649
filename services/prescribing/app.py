"""The composition root of the prescribing process: it signs limits into the shared database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Response
from fastapi.security import HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import DBAPIError

from services.api import problems
from services.api.body_limit import BodyLimit
from services.api.describing import REFUSALS, described
from services.api.metrics import Traffic
from services.api.observing import Note, Observed
from services.api.schemas import Alive, Problem
from services.clock import now_ms
from services.keys.audit import open_audit_key
from services.keys.envelope import open_envelope_key
from services.log import json_logger
from services.prescribing import operators, proposing, routes
from services.prescribing.case import Desk
from services.prescribing.guarded import OperatorsOnly
from services.prescribing.refusals import of_prescriber
from services.prescribing.schemas import Readiness
from services.prescribing.settings import PrescribingSettings
from services.refusals import of_people, refuse_unsafe
from services.sealing import Secrets
from services.store.engine import open_engine
from services.store.reading import operations as store

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
OVERTAKEN: dict[int | str, dict[str, Any]] = {
    412: {"model": Problem, "description": "another version holds by now than what was seen"},
    428: {"model": Problem, "description": "a change must name what was seen"},
}
FIGURES: dict[int | str, dict[str, Any]] = {200: {"content": {CONTENT_TYPE_LATEST: {}}}}
TOKEN = HTTPBearer(  # described here, asked for by `OperatorsOnly` before anything is read
    auto_error=False, description="of an operator, or of a clinician who has proven again who it is"
)


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

    app = prescribing(
        version=version("openspine"), listed=settings.operators_file(), note=log.info, lifespan=life
    )
    origin = settings.origin or ("sim" if settings.demo else "real")
    app.state.desk = Desk(engine=engine, key=key, origin=origin, now_ms=now_ms)
    return app


def prescribing(*, version: str, listed: Path, note: Note, lifespan: Lifespan | None = None) -> FastAPI:
    """Put the HTTP application together; whoever serves it hangs a `Desk` on `state.desk`."""
    app = FastAPI(
        title="OpenSpine prescribing",
        version=version,
        summary="Limits of a person on a kind of machine: signed, restored, renewed, proposed, withdrawn.",
        docs_url=None,  # both pages load scripts from foreign hosts
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(OperatorsOnly, listed=listed)
    figures = CollectorRegistry()
    app.add_middleware(Observed, traffic=Traffic(figures), note=note)
    problems.install(app)
    for part in (routes, proposing):
        app.include_router(part.router, responses=REFUSALS | OVERTAKEN, dependencies=[Depends(TOKEN)])

    @app.get("/healthz", tags=["operations"])
    def read_health() -> Alive:
        return Alive(status="ok")

    @app.get("/readyz", tags=["operations"], responses={503: {"model": Readiness}})
    def read_readiness(response: Response) -> Readiness:
        reason = _database(app)
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK
        return Readiness(status=reason or "ready")

    @app.get("/metrics", tags=["operations"], response_class=Response, responses=FIGURES)
    def read_metrics() -> Response:
        return Response(generate_latest(figures), media_type=CONTENT_TYPE_LATEST)

    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = described(app)
    return app.openapi_schema


def _database(app: FastAPI) -> str:
    """Say why the database is of no use; empty when it is well."""
    try:
        with app.state.desk.engine.connect() as connection:
            level = store.revision(connection)
    except DBAPIError:
        return "the database does not answer"
    needed = store.newest_revision()
    return "" if level == needed else f"the database is at {level}, needed {needed}"
