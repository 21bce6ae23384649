"""The HTTP application: routes, problems, limits, and who may call from a browser."""

from asyncio import Semaphore
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from services.api import problems, viewer
from services.api.admission import admit
from services.api.body_limit import BodyLimit
from services.api.describing import REFUSALS, described
from services.api.first_answers import FirstAnswers, Repeated, repeat
from services.api.metrics import Traffic
from services.api.observing import ID_HEADER, Note, Observed
from services.api.pages import docs, sign_in
from services.api.routes import (
    access,
    adjustments,
    audit,
    cards,
    conformance,
    day,
    enrolment,
    exports,
    floor,
    functional,
    health,
    inbox,
    machines,
    model,
    operations,
    orders,
    papers,
    patients,
    privacy,
    programmes,
    provided,
    report,
    retention,
    search,
    sessions,
    sites,
    staff,
    tables,
    whatif,
)
from services.api.schemas import Heartbeat, LiveFrame, LiveFrames, LiveState
from services.api.seats import SEATS

EVENTS = (LiveFrame, LiveFrames, LiveState, Heartbeat)  # a route of events names no shapes by itself
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def application(
    *,
    version: str,
    origins: Sequence[str],
    traffic: Traffic,
    note: Note,
    lifespan: Lifespan | None = None,
    has_docs: bool = False,
) -> FastAPI:
    """Put the HTTP application together; whoever serves it hangs a `Context` on `state.context`."""
    app = FastAPI(
        title="OpenSpine",
        version=version,
        summary="The studio: floor, patients, balance, progress, adjustments and sessions.",
        openapi_url="/openapi.json" if has_docs else None,
        docs_url=None,  # both pages load scripts from foreign hosts; `pages/docs.py` does not
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.seats = Semaphore(SEATS)
    app.add_middleware(FirstAnswers)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET"],
        allow_headers=["If-None-Match"],
        allow_credentials=True,  # the floor and its stream, with the cookie of whoever looks
        expose_headers=[ID_HEADER, "ETag", viewer.HEADER],
    )
    app.add_middleware(Observed, traffic=traffic, note=note)
    problems.install(app)
    app.add_exception_handler(Repeated, repeat)
    app.include_router(health.router)
    app.include_router(sign_in.router)
    for part in (
        access,
        provided,
        staff,
        operations,
        sites,
        machines,
        enrolment,
        cards,
        conformance,
        programmes,
        search,
        audit,
        model,
        floor,
        patients,
        privacy,
        whatif,
        adjustments,
        sessions,
        tables,
        exports,
        report,
        retention,
        orders,
        inbox,
        day,
        functional,
        papers,
    ):
        app.include_router(part.router, responses=REFUSALS, dependencies=[Depends(admit)])
    if has_docs:
        docs.install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """Describe the API, with the shapes of events."""
    if app.openapi_schema is None:
        schema = described(app)
        for event in EVENTS:
            shape = event.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
            schema["components"]["schemas"] |= shape.pop("$defs", {}) | {event.__name__: shape}
        app.openapi_schema = schema
    return app.openapi_schema
