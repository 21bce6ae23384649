"""Who and what a studio has, as rows: sites, machines, people and their signed limits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, Table, text

from services.store import tables
from services.store.engine import writing

NOW_MS = 1_795_000_000_000  # 2026-11-18T10:26:40Z
DAY_MS = 86_400_000
STREAM = "11111111-1111-4111-8111-111111111111"
BOOT = "22222222-2222-4222-8222-222222222222"
_SPACE = UUID("12345678-1234-4234-8234-123456789abc")


def named(name: str) -> str:
    """Make the id that a name stands for in tests."""
    return str(uuid5(_SPACE, name))


@dataclass(slots=True)
class PlaceRows:
    """Writes rows with sensible values; ids are made of names."""

    engine: Engine
    origin: str = "sim"
    seq: int = 0

    def put(self, table: Table, row: dict[str, Any]) -> None:
        with writing(self.engine) as connection:
            connection.execute(table.insert(), [row])

    def clear(self) -> None:
        with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger refuses
            else:
                for kept in ("audit", "conformance"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {kept}_no_delete"))
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(table.delete())

    def site(self, **changes: Any) -> None:
        self.put(tables.site, {"id": "studio", "name": "Studio", "time_zone": "Asia/Hong_Kong"} | changes)

    def machine(self, name: str = "rotation-1", **changes: Any) -> None:
        row = {
            "origin": self.origin,
            "id": name,
            "kind": "trunk_rotation",
            "site_id": "studio",
            "name": name.replace("-", " ").capitalize(),
            "enrolled_ms": NOW_MS,
            "retired": False,
        }
        self.put(tables.machine, row | changes)

    def status(self, name: str = "rotation-1", **changes: Any) -> None:
        row = {
            "origin": self.origin,
            "machine": name,
            "online": True,
            "boot": BOOT,
            "state": "WORKING",
            "spool_rows": 3,
            "firmware": "1.4.0",
            "clock": "sim",
            "wall_ms": NOW_MS,
            "mono_ms": 1_000,
            "received_ms": NOW_MS,
        }
        self.put(tables.status, row | changes)

    def patient(self, name: str = "Chan Mei Ling", **changes: Any) -> str:
        row = {
            "id": named(name),
            "origin": self.origin,
            "site_id": "studio",
            "code": f"P-{name.rsplit(maxsplit=1)[-1]}",
            "name": name,
            "language": "zh-HK",
            "birth_year": 1954,
            "sex": "female",
            "mass_kg": 52.0,
            "height_m": 1.55,
            "profile": "rehab",
            "baseline_nrs": 4,
            "flags": {"osteoporosis": True, "hypermobile": False, "back_pain": True},
            "stations": ["trunk_rotation"],
            "set_up": {},
            "created_ms": NOW_MS,
        } | changes
        self.put(tables.patient, row)
        return str(row["id"])

    def limits(self, patient: str = "Chan Mei Ling", **changes: Any) -> None:
        side = {"lowest_cdeg": -1_500, "highest_cdeg": 2_000, "start_highest_cdeg": 1_500}
        row = {
            "patient_id": named(patient),
            "kind": "trunk_rotation",
            "version": 1,
            "envelope": {"sides": {"left": side, "right": side}},
            "others": {},
            "phase": "build",
            "max_load_g": 20_000,
            "phase_cap_g": 15_500,
            "valid_until_ms": NOW_MS + 30 * DAY_MS,
            "signed_by": "Dr Demo (DEMO)",
            "reason": "first",
            "signed_ms": NOW_MS - DAY_MS,
        } | changes
        self.put(tables.limits, {"id": named(f"{patient}/{row['kind']}/{row['version']}")} | row)
