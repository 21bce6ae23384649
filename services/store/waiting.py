"""What waits for a second person: accounts that a clinician confirms, and limits that are proposed."""

from typing import Final

from sqlalchemy import Connection, select

from contract.messages import Origin
from services.store import staff_links, tables
from services.store.limits import OPEN
from services.store.reading.keyset import Rows

PROPOSAL_LAPSES_MS: Final = 14 * 86_400_000  # whoever signs it later would sign for somebody who has changed


def accounts(connection: Connection) -> Rows:
    """List the accounts that have taken their invitation up and let nobody in before they are confirmed."""
    staff = tables.staff_member.c
    return connection.execute(
        select(staff.id, staff.waits_since_ms).where(
            staff.waits_since_ms.is_not(None), staff.active.is_(True), staff_links.has_proof()
        )
    ).all()


def kinds(connection: Connection, patient_id: str, now_ms: int) -> list[str]:
    """List the machine kinds on which wider limits of a person wait for somebody's signature."""
    proposal = tables.limits_proposal.c
    open_now = (proposal.state == OPEN, proposal.at_ms > now_ms - PROPOSAL_LAPSES_MS)
    found = select(proposal.kind).where(proposal.patient_id == patient_id, *open_now).distinct()
    return sorted(connection.scalars(found))


def limits(connection: Connection, origin: Origin, now_ms: int) -> Rows:
    """List the open proposals of wider limits that have not lapsed."""
    proposal, patient = tables.limits_proposal, tables.patient
    return connection.execute(
        select(proposal.c.id, proposal.c.patient_id, proposal.c.kind)
        .join_from(proposal, patient, patient.c.id == proposal.c.patient_id)
        .where(
            proposal.c.state == OPEN,
            proposal.c.at_ms > now_ms - PROPOSAL_LAPSES_MS,
            patient.c.origin == origin,
            patient.c.archived_ms.is_(None),
        )
    ).all()
