"""What a sign-in or a sign-out ends: sessions, settings that nobody answered, alerts that are overtaken."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from services.coaching import alerts
from services.coaching.case import Case
from services.coaching.receive import Received
from services.store import sessions, tally
from services.store.pipelined import pipelined


def close(
    received: Received, cases: Mapping[str, Case], connection: Connection, reopened: tally.Machines = ()
) -> None:
    """End what this batch has overtaken; all its rows are written.

    `reopened`: machines (origin, id) of sessions that were over, and of which something has changed.
    """
    heads = (fact.message.head for fact in received.facts)
    opened = {head.session or "" for head in heads if head.kind == "sign_in"}
    signed = [case for number, case in cases.items() if number in opened]
    over = _machines(cases.values(), signed)
    if over:
        with pipelined(connection):
            _close_others(signed, connection)
            sessions.expire_unanswered(
                connection, [{"on_origin": origin, "on_machine": machine} for origin, machine in over]
            )
            alerts.resolve(signed, connection)
    tally.add(connection, {*over, *reopened})


def _close_others(signed: Sequence[Case], connection: Connection) -> None:
    """Close what is still open on a machine on which somebody has signed in."""
    opened = [
        {
            "on_origin": case.row["origin"],
            "on_machine": case.row["machine"],
            "new_id": case.row["id"],
            "at_ms": case.row["opened_ms"],
        }
        for case in signed
    ]
    if opened:
        sessions.close_others(connection, opened)


def _machines(cases: Iterable[Case], signed: Sequence[Case]) -> Collection[tuple[str, str]]:
    """Name the machines on which a session is over: what is pending there, expires.

    A receipt that comes later still counts.
    """
    over = (*signed, *(case for case in cases if case.row["closed_ms"] is not None))
    return dict.fromkeys((case.row["origin"], case.row["machine"]) for case in over)
