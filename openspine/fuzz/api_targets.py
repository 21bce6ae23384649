"""The two processes that answer over HTTP: the service, and the prescriber beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.core.result import Ok

from openspine.fuzz import api_limits
from openspine.fuzz.api_cases import Aim, no_aim
from openspine.fuzz.api_served import LISTED, served, served_prescriber
from openspine.fuzz.api_stores import Stores
from openspine.fuzz.api_studio import ROLES, Studio
from services.access import Role, may
from services.api.__main__ import description as of_service
from services.api.rights import RIGHTS
from services.prescribing import operators
from services.prescribing.__main__ import description as of_prescriber
from services.prescribing.guarded import OPEN_PATHS
from services.store.reads import ReadLog

OPERATORS = ("Dr Wong", "Dr Lee")  # two: wider limits that one proposes the other may sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A process that is asked: what it says of itself, who may ask it what, and how it begins again."""

    app: FastAPI
    described: Mapping[str, Any]
    studio: Studio
    allowed: Callable[[Any], Sequence[Role]]  # of an operation
    renew: Callable[[], None]
    aim: Aim = no_aim
    round: int = 25  # requests of one operation in a row

    def operations(self) -> list[Any]:
        """List what can be asked, and bind it to the application."""
        schema = schemathesis.openapi.from_dict(dict(self.described))
        schema.app = self.app
        return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def targets(stores: Stores) -> dict[str, Target]:
    """Serve both over one store."""
    return {"service": _service(stores), "prescriber": _prescriber(stores)}


def _service(stores: Stores) -> Target:
    app = served(stores.engine, stores.keys)

    def renew() -> None:
        stores.renew()
        app.state.context = replace(app.state.context, reads=ReadLog(stores.engine))

    return Target(app=app, described=_of_service(), studio=stores.studio, allowed=_by_rights, renew=renew)


def _prescriber(stores: Stores) -> Target:
    """Clinicians of the studio ask it, and operators, whom the service does not know."""
    app = served_prescriber(stores.prescribing, stores.keys)
    admitted = [operators.admit(stores.keys / LISTED, name) for name in OPERATORS]
    tokens = dict(stores.studio.tokens)
    tokens["clinician"] += tuple(admitted)

    def renew() -> None:
        stores.renew()
        app.state.desk = replace(app.state.desk)  # with a log of looks of its own

    return Target(
        app=app,
        described=_of_prescriber(),
        studio=replace(stores.studio, tokens=tokens),
        allowed=lambda operation: ROLES if operation.path in OPEN_PATHS else ("clinician",),
        renew=renew,
        aim=api_limits.aimed(stores.prescribing),
        round=4,  # few: what one signs, another renews, and a third withdraws, in the same studio
    )


def _by_rights(operation: Any) -> Sequence[Role]:
    """List the roles that may do this to something."""
    right = RIGHTS[operation.definition.raw["operationId"]]
    return ROLES if right is None else [one for one in ROLES if may(one, right.action, right.kind)]


@cache
def _of_service() -> dict[str, Any]:
    return of_service()


@cache
def _of_prescriber() -> dict[str, Any]:
    return of_prescriber()
