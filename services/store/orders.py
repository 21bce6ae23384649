"""Orders of staff: what they told machines and the model."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, func, select, update

from contract.messages import Origin
from services.store import rows, tables
from services.store.reading.keyset import Record, Rows

OVERRIDE = "override"


def add(connection: Connection, row: rows.Row) -> None:
    """Keep an order."""
    rows.insert_rows(connection, tables.staff_order, [row])


def setting(connection: Connection, setting_id: str) -> Record | None:
    """Read one setting with its signed message."""
    return connection.execute(select(tables.setting).where(tables.setting.c.id == setting_id)).first()


def newest_setting(connection: Connection, session_id: str, set_number: int) -> Record | None:
    """Read the newest setting of a set that was not turned down, with its signed message."""
    found = tables.setting.c
    return connection.execute(
        select(tables.setting)
        .where(
            found.session_id == session_id,
            found.set_number == set_number,
            found.state.not_in(("refused", "expired", "proposed")),
        )
        .order_by(found.seq.desc())
        .limit(1)
    ).first()


def tries(connection: Connection, order_id: str, set_number: int) -> int:
    """Count the settings that an order has sent for a set."""
    found = tables.setting.c
    return (
        connection.scalar(
            select(func.count()).where(found.order_id == order_id, found.set_number == set_number)
        )
        or 0
    )


def open_session(connection: Connection, origin: Origin, machine: str) -> Record | None:
    """Read the session that runs on a machine; None while nobody trains."""
    session = tables.session.c
    return connection.execute(
        select(session.id, session.patient_id, session.visit_id)
        .where(session.origin == origin, session.machine == machine, session.closed_ms.is_(None))
        .order_by(session.opened_ms.desc())
        .limit(1)
    ).first()


def running(connection: Connection, patient_id: str) -> list[Record]:
    """Read the open sessions of a person and lock them, in the order in which the message path locks."""
    session = tables.session.c
    return list(
        connection.execute(
            select(session.id, session.origin, session.machine, session.kind)
            .where(session.patient_id == patient_id, session.closed_ms.is_(None))
            .order_by(session.id)
            .with_for_update()
        )
    )


def newest_row(connection: Connection, session_id: str, stream: str) -> Record | None:
    """Read the newest row that a machine has said in a session: what a setting is based on."""
    inbox = tables.inbox.c
    return connection.execute(
        select(inbox.seq, inbox.wall_ms)
        .where(inbox.session_id == session_id, inbox.stream == stream)
        .order_by(inbox.seq.desc())
        .limit(1)
    ).first()


def give_back(connection: Connection, session_id: str, side: str | None, ended: tuple[int, str]) -> int:
    """End the open overrides of a session (of one side); `ended`: when, by whom. Returns how many."""
    order = tables.staff_order.c
    wanted = [order.session_id == session_id, order.kind == OVERRIDE, order.ended_ms.is_(None)]
    if side is not None:
        wanted.append(order.side == side)
    changed = update(tables.staff_order).where(*wanted).values(ended_ms=ended[0], ended_by=ended[1])
    return connection.execute(changed).rowcount


def release(connection: Connection, origin: Origin, machine: str, ended: tuple[int, str]) -> int:
    """End the open holds of a machine; returns how many there were."""
    order = tables.staff_order.c
    changed = (
        update(tables.staff_order)
        .where(
            order.origin == origin,
            order.machine == machine,
            order.kind != OVERRIDE,
            order.ended_ms.is_(None),
        )
        .values(ended_ms=ended[0], ended_by=ended[1])
    )
    return connection.execute(changed).rowcount


def of_sessions(connection: Connection, session_ids: list[str]) -> list[Record]:
    """List the orders of a few sessions, newest first."""
    order = tables.staff_order.c
    found = select(tables.staff_order).where(order.session_id.in_(session_ids)).order_by(order.made_ms.desc())
    return list(connection.execute(found))


def holds(connection: Connection, origin: Origin, machines: list[str]) -> list[Record]:
    """List the holds of a few machines that nobody has released, newest first."""
    order = tables.staff_order.c
    return list(
        connection.execute(
            select(tables.staff_order)
            .where(
                order.origin == origin,
                order.machine.in_(machines),
                order.kind != OVERRIDE,
                order.ended_ms.is_(None),
            )
            .order_by(order.made_ms.desc())
        )
    )


def has_newer(connection: Connection, found: Record) -> bool:
    """Tell whether a later setting was made for the same set."""
    other = tables.setting.c
    wanted = (
        other.session_id == found.session_id,
        other.set_number == found.set_number,
        other.seq > found.seq,
    )
    return connection.scalar(select(func.count()).where(*wanted)) != 0


def begun_set(connection: Connection, session_id: str) -> int:
    """Read the highest set of a session that has begun."""
    session = tables.session.c
    return connection.scalar(select(session.begun_set).where(session.id == session_id)) or 0


def proposals(connection: Connection, origin: Origin, sites: Collection[str] | None) -> Rows:
    """List the settings that wait for staff in sessions that run, oldest first: who trains where, and why."""
    setting, session, patient = tables.setting, tables.session, tables.patient
    machine, decision = tables.machine, tables.decision
    shown = [column for column in setting.c if column.name != "signed"]
    place = (session.c.machine, session.c.kind, machine.c.name.label("machine_name"))
    query = (
        select(*shown, *place, patient.c.name, session.c.patient_id, decision.c.why)
        .join_from(setting, session, session.c.id == setting.c.session_id)
        .join(patient, patient.c.id == session.c.patient_id)
        .join(machine, and_(machine.c.origin == session.c.origin, machine.c.id == session.c.machine))
        .join(decision, decision.c.id == setting.c.decision_id)
        .where(
            setting.c.state == "proposed",
            session.c.origin == origin,
            session.c.closed_ms.is_(None),
            setting.c.set_number > session.c.begun_set,
        )
        .order_by(setting.c.decided_ms, setting.c.id)
    )
    return connection.execute(query if sites is None else query.where(patient.c.site_id.in_(sites))).all()
