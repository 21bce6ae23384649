"""Which rules of the protocol a machine keeps, as the conformance kit found."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from contract.messages.vocabulary import UUID_PATTERN
from services.api import cursors
from services.api.answering import act, done
from services.api.deps import PAGE_USUAL, Cursor, Doing, Limit, MachineId, Sight
from services.api.problems import not_found
from services.api.schemas import Page
from services.api.schemas import conformance as bodies
from services.insights import conformance as insight
from services.office import conformance as office
from services.store import conformance as store
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1/machines", tags=["machines"])
ReportId = Annotated[str, Path(pattern=UUID_PATTERN)]
MS = 1_000


@router.post("/{machine}/conformance", status_code=HTTPStatus.CREATED)
def record_conformance(
    machine: MachineId, doing: Doing, body: bodies.NewConformance
) -> bodies.KeptConformance:
    """Keep what the conformance kit found at a machine; it is never changed."""
    given = body.model_dump(exclude={"tested_at", "rules"})
    rules = tuple(
        office.RuleFound(**rule.model_dump() | {"evidence": tuple(rule.evidence)}) for rule in body.rules
    )
    report = office.Report(**given, rules=rules, tested_ms=int(body.tested_at.timestamp() * MS))
    place = (doing.origin, machine)
    return bodies.KeptConformance(id=done(office.record(doing.connection, place, report, act(doing))))


@router.get("/{machine}/conformance", response_model=Page[bodies.Conformance])
def list_conformance(
    machine: MachineId, sight: Sight, limit: Limit = PAGE_USUAL, cursor: Cursor = None
) -> dict[str, object]:
    """List the reports of a machine, the newest test first, each with the rules that were broken."""
    last = cursors.decode(cursor, Moment)
    found = store.page(sight.connection, (sight.origin, machine), last, limit + 1)
    shown, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.tested_ms, id=row.id))
    return {"items": [insight.report(row, is_whole=False) for row in shown], "next": following}


@router.get("/{machine}/conformance/{report_id}", response_model=bodies.Conformance)
def read_conformance(machine: MachineId, report_id: ReportId, sight: Sight) -> insight.Report:
    """Show one report with every rule."""
    found = store.one(sight.connection, (sight.origin, machine), report_id)
    if found is None:
        raise not_found("report")
    return insight.report(found, is_whole=True)
