"""A clinician says of an account that an admin let into care, or reset, that it is who it says."""

from sqlalchemy import Connection

from services.office.staff import Fault
from services.store import audit, staff, staff_links
from services.store.reading import staff as reading


def confirm(connection: Connection, staff_id: str, by: str, now_ms: int) -> Fault | None:
    """Let somebody who waits into care, by the ways to sign in that are there and by no later one."""
    row = reading.one(connection, staff_id)
    if row is None or row.waits_since_ms is None or not row.active:
        return Fault(why="Nobody has to confirm this account.")
    is_bound = staff_links.is_bound(connection, staff_id)
    if is_bound is False:
        return Fault(why="Nobody has come by the linked e-mail address yet: confirm when somebody has.")
    if row.hash is None and not is_bound:
        return Fault(why="The invitation is not taken up yet: confirm when it is.")
    if row.raised_by == by:
        return Fault(why="Whoever let somebody in does not confirm it: a second person must.")
    if not staff.confirm(connection, staff_id, row.waits_since_ms):
        return Fault(why="The account was changed meanwhile: look again.")
    entry = audit.Entry(at_ms=now_ms, actor=by, action="staff.confirm", thing="staff", thing_id=staff_id)
    audit.record(connection, entry)
    return None
