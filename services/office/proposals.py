"""Advice only: a setting waits until staff confirm it; without that the plan's row holds."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, update

from contract import codec, topics
from contract.envelope import violations
from contract.messages import Basis, Setting
from services.coaching import load
from services.keys.command import CommandKey
from services.office import bounding
from services.office.noting import note
from services.office.refusal import Act, Refusal, conflict, missing
from services.store import commands, sessions, sites, tables
from services.store import orders as store

PROPOSED = "proposed"


def confirm(connection: Connection, setting_id: str, command: CommandKey, act: Act) -> Refusal | None:
    """Send a setting that waited, under a new number and on the newest row of its session."""
    proposed = store.setting(connection, setting_id)
    if proposed is None:
        return missing("setting")
    allotted = commands.allot(connection, proposed.session_id)
    if allotted is None or allotted.closed_ms is not None:
        return conflict("The session is over.")
    proposed = store.setting(connection, setting_id)  # under the session's lock
    if proposed is None or proposed.state != PROPOSED:
        return conflict("The setting does not wait any more.")
    if store.has_newer(connection, proposed) or store.begun_set(connection, proposed.session_id) >= (
        proposed.set_number
    ):
        return conflict("A newer setting has come, or the set has begun.")
    newest = _basis(connection, proposed, allotted.stream)
    if isinstance(newest, Refusal):
        return newest
    signed = _signed(proposed, (allotted.seq, Basis(stream=allotted.stream, seq=newest.seq)), command)
    changed = {"seq": signed.seq, "signed": codec.encode(signed), "state": "pending"}
    connection.execute(update(tables.setting).where(tables.setting.c.id == setting_id).values(**changed))
    commands.send(
        connection,
        commands.Command(
            id=signed.id,
            topic=topics.name(allotted.origin, allotted.machine, "down/setting"),
            payload=codec.encode(signed),
            expiry_s=topics.TOPICS["down/setting"].expiry_s,
            seq=signed.seq,
        ),
        act.at_ms,
    )
    note(connection, ("session", proposed.session_id), "setting.confirm", act)
    return None


def _basis(connection: Connection, proposed: Any, stream: str) -> Any | Refusal:
    """Return the newest row of the session, unless the limits of now do not allow the setting any more."""
    newest = store.newest_row(connection, proposed.session_id, stream)
    if newest is None:
        return conflict("The machine has said nothing yet.")
    session = proposed.session_id
    case = load.load(connection, sessions.sessions(connection, [session]), [session])[session]
    row, dose = case.plan.get(proposed.set_number), case.doses.get(proposed.id)
    if case.frame is None or row is None or dose is None:
        return conflict("The session has no plan: nobody signed limits for it.")
    limits = bounding.inside(case, row, newest, for_staff=dose.is_for_staff)
    broken = violations(dose, limits)
    return bounding.beyond(broken[0], limits) if broken else newest


def set_advice(connection: Connection, site_id: str, *, advice: bool, act: Act) -> Refusal | None:
    """Switch a site between settings that act and advice; it holds from the next sign-in on."""
    site = sites.one(connection, site_id)
    if site is None:
        return missing("site")
    if site.advice == advice:
        return conflict("It is so already.")
    sites.change(connection, site_id, {"advice": advice})
    note(connection, ("site", site_id), "site.advice", act, {"state": "on" if advice else "off"})
    return None


def _signed(proposed: Any, numbered: tuple[int, Basis], command: CommandKey) -> Setting:
    seq, basis = numbered
    sent = codec.decode_down(topics.name("sim", "any", "down/setting"), proposed.signed)
    if not isinstance(sent, Setting):
        raise TypeError("what is stored as a setting is none")
    return command.sign_setting(replace(sent, seq=seq, basis=basis))
