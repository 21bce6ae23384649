"""For machines that watch the service: alive, ready, measured."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError

from services.api.context import Condition, Context, Here
from services.api.schemas import Alive, Check, Ready
from services.store.reading import operations as store

router = APIRouter(tags=["health"])
NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Ready, "description": "not ready; the checks say why"}
}


@router.get("/healthz")
def read_health() -> Alive:
    """Say that the process answers."""
    return Alive(status="ok")


@router.get("/readyz", responses=NOT_READY)
def read_readiness(here: Here, response: Response) -> Ready:
    """Say whether the service can do its work, and if not, why."""
    database, migrations = _database(here)
    broker, model = here.broker(), here.model()
    checks = [
        Check(name="database", ok=database.ok, reason=database.reason),
        Check(name="migrations", ok=migrations.ok, reason=migrations.reason),
        Check(name="broker", ok=broker.ok, reason=broker.reason),
        Check(name="model", ok=model.ok, reason=model.reason),
    ]
    ready = all(check.ok for check in checks)
    response.status_code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Ready(ready=ready, checks=checks)


@router.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE_LATEST: {}}}})
def read_metrics(here: Here) -> Response:
    """Give the figures that docs/metrics.md describes, in the Prometheus text format."""
    return Response(generate_latest(here.metrics), media_type=CONTENT_TYPE_LATEST)


def _database(here: Context) -> tuple[Condition, Condition]:
    try:
        with here.engine.connect() as connection:
            level = store.revision(connection)
    except DBAPIError as error:
        down = Condition(ok=False, reason=f"the database does not answer ({type(error.orig).__name__})")
        return down, Condition(ok=False, reason="unknown while the database does not answer")
    needed = store.newest_revision()
    said = f"at {level}" if level == needed else f"at {level}, needed {needed}: run `openspine db upgrade`"
    return Condition(ok=True, reason="answers"), Condition(ok=level == needed, reason=said)
