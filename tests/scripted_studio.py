"""A studio as a script: engine, keys, desk and enrolled people, on any database."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import database_copies
from scripted_machine import NOW_MS, ScriptedMachine, plan_in, setting_in
from sqlalchemy import Engine, Table, select

from contract.messages import Plan, Setting
from ml.adjust import adjust_many
from ml.effort.model import RuleEffort
from services.coaching import Delivery, Desk, Outcome, answer_overdue, handle
from services.coaching.enrol import NewPatient, enrol
from services.keys.demo import Keys, open_keys
from services.prescribing.sign import full_envelope, prescribe
from services.store import engine as store
from services.store import people


@dataclass(slots=True)
class Studio:
    engine: Engine
    desk: Desk
    keys: Keys

    def hear(self, *batch: Delivery) -> Outcome:
        with store.writing(self.engine) as connection:
            return handle(batch, connection, self.desk)

    def wait(self, until_ms: int) -> Outcome:
        """Answer what has waited for missing rows until then."""
        with store.writing(self.engine) as connection:
            return answer_overdue(connection, self.desk, until_ms)

    def plan(self, machine: ScriptedMachine, outcome: Outcome) -> Plan:
        found = [one for one in outcome.outgoing if one.topic.endswith("down/plan")]
        assert len(found) == 1
        return plan_in(found[0].payload, machine)

    def settings(self, machine: ScriptedMachine, outcome: Outcome) -> list[Setting]:
        sent = [one for one in outcome.outgoing if one.topic.endswith("down/setting")]
        return [setting_in(one.payload, machine) for one in sent if f"/{machine.machine}/" in one.topic]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def enrol(self, badge: str, *kinds: str, **changes: object) -> str:
        usual = {
            "code": f"code-{badge}", "name": "Mr Lee", "pin": "123456", "stations": kinds,
            "birth_year": 1985, "sex": "male", "mass_kg": 72.0, "height_m": 1.74,
        }  # fmt: skip
        who = NewPatient(badge=badge, **(usual | changes))  # type: ignore[arg-type]
        with store.writing(self.engine) as connection:
            number = enrol(
                connection, who, site="studio", origin="sim", site_key=self.keys.site, now_ms=NOW_MS
            )
            for kind in kinds:
                envelope = full_envelope(kind, now_ms=NOW_MS, phase_cap_g=40_000, max_torque_nm=150)
                prescribe(
                    connection,
                    number,
                    envelope,
                    by="Dr Demo (DEMO)",
                    reason="start",
                    key=self.keys.envelope,
                )
        return number


def open_studio(url: str, folder: Path) -> Iterator[Studio]:
    """Open a studio in an empty database; keys that are in the folder are taken."""
    keys = folder / "keys"
    if keys.exists():
        _furnish(url, keys)
    else:
        originals = database_copies.folder() / "keys"
        database_copies.copy("studio", url, lambda original: _furnish(original, originals))
        shutil.copytree(originals, keys)
    made = _opened(url, keys)
    yield made
    made.engine.dispose()


def _furnish(url: str, keys: Path) -> None:
    database_copies.migrate(url)
    made = _opened(url, keys)
    with store.writing(made.engine) as connection:
        people.add_site(connection, {"id": "studio", "name": "Studio", "time_zone": "Asia/Hong_Kong"})
    made.enrol("badge-1", "lumbar_extension", "trunk_rotation")
    made.engine.dispose()


def _opened(url: str, keys: Path) -> Studio:
    own = open_keys(keys)
    effort = RuleEffort()
    desk = Desk(
        command=own.command,
        site_key=own.site,
        adjust=partial(adjust_many, effort=effort),
        policy="steady",
        model=effort.name,
        software="test",
        site="studio",
    )
    return Studio(store.open_engine(url), desk, own)
