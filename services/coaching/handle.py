"""One batch of messages, one transaction: facts, decisions, what to publish, what to acknowledge."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from contract.machines import catalogue
from contract.messages import Receipt, SignIn
from services.coaching import alerts, closing, late_facts, load, receive, sign_in, skew
from services.coaching.batch import Batch, begun_sets, is_deciding, segments
from services.coaching.case import Case
from services.coaching.desk import Delivery, Desk, Outcome, StreamAck
from services.coaching.overriding import is_turned_down
from services.coaching.receive import Fact, Poison, Received, poison_of
from services.coaching.segment import work, write_sessions
from services.coaching.waiting import Waiting, again, in_order, read
from services.store import locks, people, sessions, tables, tally, wire
from services.store.ledger import Ledger
from services.store.pipelined import pipelined

WITHOUT_SESSION = frozenset(("event", "receipt"))  # a machine says these also when nobody trains
UTC_ZONE = "UTC"


def handle(
    batch: Sequence[Delivery], connection: Connection, desk: Desk, taken_ms: int | None = None
) -> Outcome:
    """Handle a batch inside the caller's transaction; one poison message does not sink it.

    `taken_ms`: the service's clock now, when the batch has waited since it came: the lease of what is to be
    published begins with it.
    Raises OperationalError or InterfaceError when the database fails: then nothing may be acknowledged.
    """
    if not batch:
        return Outcome()
    try:
        with pipelined(connection):
            attempt = connection.begin_nested()
        with attempt:
            return _handle(batch, connection, desk, taken_ms)
    except Exception as error:  # noqa: BLE001 - any bug must hit its own message only
        raise_outage(error)
    return merged([_alone(delivery, connection, desk, taken_ms) for delivery in batch])


def _alone(delivery: Delivery, connection: Connection, desk: Desk, taken_ms: int | None) -> Outcome:
    """Handle one message; what fails is buried with the name of the failure, never with its values."""
    try:
        with connection.begin_nested():
            return _handle([delivery], connection, desk, taken_ms)
    except Exception as error:  # noqa: BLE001 - the message is poison, the service goes on
        raise_outage(error)
        why = Poison(reason="FAILED", detail=type(error).__name__)
    with connection.begin_nested():
        return _buried(delivery, why, connection)


def raise_outage(error: Exception) -> None:
    """Raise what is the database's failure and no message's."""
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_lost or isinstance(error, OperationalError | InterfaceError):
        raise error


def _handle(
    deliveries: Sequence[Delivery], connection: Connection, desk: Desk, taken_ms: int | None
) -> Outcome:
    now_ms = max(delivery.received_ms for delivery in deliveries)
    ledger = Ledger(now_ms, taken_ms)
    received = receive.receive(deliveries, connection, ledger)
    _enrol(received, connection, desk, ledger)
    _write_statuses(received, connection, ledger)
    ledger.flush(connection)
    batch = worked(received, connection, desk, ledger)
    for fact in received.conflicts:
        alerts.raise_alert(
            None, fact.message.head, fact.origin, ("conflict", "red", receive.CONFLICT), ledger
        )
    receive.write_marks(received, ledger, now_ms)
    ledger.flush(connection)
    return Outcome(
        outgoing=tuple(batch.outgoing),
        acks=_acks(received, batch.cases, connection),
        traces=tuple(batch.traces),
        stored=len(received.facts),
        duplicates=received.duplicates,
        rejected=received.rejected,
    )


def worked(received: Received, connection: Connection, desk: Desk, ledger: Ledger) -> Batch:
    """Take the facts into their sessions, with those that have waited for them; ask and answer."""
    waiting = read(connection, received.gapped)
    cases = _cases(received, waiting, connection, ledger)
    reopened = tally.take_back(connection, *_overtaken(received, cases))
    facts = in_order([*received.facts, *again(connection, waiting, received)])
    batch = Batch(
        received=received,
        cases=cases,
        begun=begun_sets(facts),
        connection=connection,
        desk=desk,
        ledger=ledger,
        waiting=waiting,
    )
    write_sessions(batch)
    for segment in segments(facts):
        late_facts.carry_on(batch, work(batch, segment))
    closing.close(received, cases, connection, reopened)
    waiting.write(connection)
    return batch


def _enrol(received: Received, connection: Connection, desk: Desk, ledger: Ledger) -> None:
    """Let machines of the simulation enrol themselves; refuse sign-ins of unknown or mistaken machines.

    A retired machine is noted and not refused: a session without its sign-in would be nobody's.
    """
    signing = [fact for fact in received.facts if isinstance(fact.message.body, SignIn)]
    if not signing:
        return
    places = {(fact.origin, fact.message.head.machine) for fact in signing}
    known = people.machines(connection, places)
    received.retired = frozenset(place for place in places if place in known and known[place].retired)
    refused = []
    for fact in signing:
        body, machine = fact.message.body, fact.message.head.machine
        enrolled = known.get((fact.origin, machine))
        kind = body.machine_kind if isinstance(body, SignIn) else ""
        if enrolled is None and fact.origin == "sim" and kind in catalogue():
            ledger.insert(tables.site, {"id": desk.site, "name": desk.site, "time_zone": UTC_ZONE})
            ledger.insert(tables.machine, _machine_row(fact, kind, desk.site, ledger.now_ms))
        elif enrolled is None or enrolled.kind != kind:
            detail = f"machine {machine} is not enrolled as {kind}"
            refused.append((fact, poison_of(fact, "MACHINE", detail)))
    receive.refuse(received, refused, connection, ledger)


def _machine_row(fact: Fact, kind: str, site: str, now_ms: int) -> dict[str, Any]:
    machine = fact.message.head.machine
    return {
        "origin": fact.origin,
        "id": machine,
        "kind": kind,
        "site_id": site,
        "name": machine,
        "enrolled_ms": now_ms,
        "retired": False,
    }


def _cases(received: Received, waiting: Waiting, connection: Connection, ledger: Ledger) -> dict[str, Case]:
    """Load the sessions of a batch; the first row of an unknown one makes a placeholder."""
    begins = waiting.begins()
    wanted = {fact.message.head.session for fact in received.facts if fact.message.head.session}
    stored = sessions.sessions(connection, wanted | set(begins))
    deep, foreign = {number for number in begins if number in stored}, []
    made: dict[str, Case] = {}
    for fact in received.facts:
        head = fact.message.head
        if head.session is None:
            if head.kind not in WITHOUT_SESSION:
                foreign.append((fact, f"a {head.kind} belongs to a session"))
            continue
        row = stored.get(head.session) or (made[head.session].row if head.session in made else None)
        if row is None:
            made[head.session] = Case(row=_placeholder(fact))
        elif (row["origin"], row["machine"]) != (fact.origin, head.machine):
            foreign.append((fact, "the session belongs to another machine"))
        elif head.session in stored and (is_deciding(fact, row) or is_turned_down(fact)):
            deep.add(head.session)
    refused = [(fact, poison_of(fact, "SESSION", detail)) for fact, detail in foreign]
    receive.refuse(received, refused, connection, ledger)
    # Before anything of theirs is read: another worker may be writing their visits, beliefs and alerts.
    locks.persons(connection, _persons(received, stored, connection))
    return load.load(connection, stored, deep, begins) | made


def _overtaken(received: Received, cases: Mapping[str, Case]) -> tuple[list[str], list[str]]:
    """Name the sessions that were over when this batch came, and the settings whose fate it tells."""
    told = [fact.message.body for fact in received.facts]
    settings = [body.setting for body in told if isinstance(body, Receipt) and body.setting is not None]
    return [number for number, case in cases.items() if case.was_closed], settings


def _persons(received: Received, stored: Mapping[str, Mapping[str, Any]], connection: Connection) -> set[str]:
    """Name the persons whose sessions are worked on, also those who are only now signing in."""
    known = {row["patient_id"] for row in stored.values()} - {None}
    return known | sign_in.persons(received.facts, connection)


def _placeholder(fact: Fact) -> dict[str, Any]:
    head = fact.message.head
    return {
        "id": head.session,
        "origin": fact.origin,
        "machine": head.machine,
        "kind": None,
        "patient_id": None,
        "visit_id": None,
        "stream": head.stream,
        "boot": head.boot,
        "first_seq": head.seq,
        "last_seq": head.seq,
        "nonce": None,
        "clock": "sim" if fact.origin == "sim" else "wall",
        "opened_ms": head.wall_ms,
        "closed_ms": None,
        "heard_ms": fact.delivery.received_ms,
        "commands": 0,
        "number": None,
        "begun_set": 0,
        "gravity": False,
        "frame": {},
        "filed_ms": fact.delivery.received_ms,
    }


def _write_statuses(received: Received, connection: Connection, ledger: Ledger) -> None:
    machines = {(one.origin, one.machine) for one, _, _ in received.statuses}
    found = wire.statuses(connection, machines).items()
    known: dict[tuple[str, str], Mapping[str, Any]] = {key: row._asdict() for key, row in found}
    for address, status, delivery in received.statuses:
        stored = known.get((address.origin, address.machine))
        if skew.is_same(stored, status):
            continue  # when it came first tells the clock
        row = {
            "origin": address.origin,
            "machine": address.machine,
            "online": status.online,
            "boot": status.boot,
            "state": status.state,
            "session_id": status.session,
            "setting_id": status.setting,
            "spool_rows": status.spool_rows,
            "firmware": status.firmware,
            "clock": status.clock,
            "wall_ms": status.wall_ms,
            "mono_ms": status.mono_ms,
            "received_ms": delivery.received_ms,
            "skew_ms": skew.heard_ms(stored, status, delivery.received_ms),
        }
        known[address.origin, address.machine] = row
        ledger.replace(tables.status, row)


def _acks(received: Received, cases: Mapping[str, Case], connection: Connection) -> tuple[StreamAck, ...]:
    is_open: dict[tuple[str, str], bool] = {}
    for case in cases.values():
        machine = (case.row["origin"], case.row["machine"])
        is_open[machine] = is_open.get(machine, False) or case.row["closed_ms"] is None
    # Late rows of a session that is over say nothing of the one that runs on the same spool.
    over = [key for key in received.marks if is_open.get(key[:2]) is False]
    running = wire.with_open_session(connection, over) if over else set()
    return tuple(
        StreamAck(
            origin=key[0],
            machine=key[1],
            ack=mark.ack(key[2]),
            session_open=True if key in running else is_open.get(key[:2]),
        )
        for key, mark in received.marks.items()
    )


def _buried(delivery: Delivery, why: Poison, connection: Connection) -> Outcome:
    """Bury a message whose handling failed; its number, when legible, is rejected."""
    ledger = Ledger(delivery.received_ms)
    received = receive.bury_alone(delivery, why, connection, ledger)
    receive.write_marks(received, ledger, delivery.received_ms)
    ledger.flush(connection)
    return Outcome(acks=_acks(received, {}, connection), rejected=1)


def merged(outcomes: Sequence[Outcome]) -> Outcome:
    """Put the outcomes of one transaction together."""
    return Outcome(
        outgoing=tuple(one for outcome in outcomes for one in outcome.outgoing),
        acks=tuple(one for outcome in outcomes for one in outcome.acks),
        traces=tuple(one for outcome in outcomes for one in outcome.traces),
        stored=sum(outcome.stored for outcome in outcomes),
        duplicates=sum(outcome.duplicates for outcome in outcomes),
        rejected=sum(outcome.rejected for outcome in outcomes),
    )
