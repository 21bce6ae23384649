"""A second fence inside PostgreSQL: requests see rows of the patients in the actor's scope, and no others.

A request runs as the role `openspine_screen`, which the database lets see the rows of its scope alone, so a
filter that somebody forgot shows nothing. The message path and the workers stay the owner of the tables, whom
row-level security lets pass. SQLite has no such thing: there the filters stand alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, inspect, text

from services.access import Scope
from services.store.tables import metadata

ROLE = "openspine_screen"
POLICY = "openspine_fence"
SITES, PATIENT = "openspine.sites", "openspine.patient"  # settings of a transaction
EVERY = "*"
FENCE_LOCK = 5_147_202  # of this application, among PostgreSQL's advisory locks of one database
LINKS = (
    "patient_id",
    "session_id",
    "visit_id",
    "decision_id",
)  # whose a row is, the shortest way first
WITHOUT_KEY = {"inbox": ("session_id", "session"), "postponed": ("session_id", "session")}  # no foreign key
UNCHANGEABLE = "audit"
_NARROW = text(
    f"SELECT set_config('role', '{ROLE}', true), set_config('{SITES}', :sites, true), "
    f"set_config('{PATIENT}', :patient, true)"
)


def narrow(connection: Connection, scope: Scope) -> None:
    """Let the rest of this transaction see and change rows of the scope alone; unset, it would be none."""
    if connection.dialect.name != "postgresql":
        return
    sites = EVERY if scope.sites is None else ",".join(sorted(scope.sites))
    connection.execute(_NARROW, {"sites": sites, "patient": scope.patient or EVERY})


@contextmanager
def taken_down(engine: Engine, *, is_needed: bool) -> Iterator[None]:
    """Migrate without policies, which tie columns down, and put up what the tables of the code need."""
    if engine.dialect.name != "postgresql":
        yield
        return
    if is_needed:
        with engine.begin() as connection:
            _take_down(connection)
    yield
    with engine.begin() as connection:
        _put_up(connection)


def rules() -> Mapping[str, str]:
    """Say for every table with rows of patients which of them a request sees (SQL).

    CASE and not OR: of a comparison with a setting PostgreSQL expects one row in two hundred, and reads whole
    tables in a loop for the few that it expects; of a CASE it expects half.
    """
    found = {"patient": _of_patient()}
    waiting = [table for table in metadata.sorted_tables if table.name != "patient"]
    for table in waiting:  # sorted: what a table points to comes before it
        column, parent = _link(table, found)
        if column is not None:
            found[table.name] = _of_owner(table, column, parent)
    return found


def _of_patient() -> str:
    at_site = f"patient.site_id = ANY (string_to_array({_set(SITES)}, ','))"
    oneself = f"({_is_every(PATIENT)} OR patient.id = {_set(PATIENT)})"
    return f"CASE WHEN {_is_every(SITES)} THEN {oneself} ELSE {at_site} AND {oneself} END"


def _of_owner(table: Table, column: str, parent: str) -> str:
    """Let a row be seen with what it belongs to; what is nobody's is for whoever sees everybody."""
    own = f"{table.name}.{column}"
    everybody = f"({_is_every(SITES)} AND {_is_every(PATIENT)})"  # saves looking the owner up, row by row
    nobodys = f"({own} IS NULL AND {_is_every(PATIENT)}) OR " if table.c[column].nullable else ""
    theirs = f"{nobodys}EXISTS (SELECT 1 FROM {parent} AS owner WHERE owner.id = {own})"  # noqa: S608 (our own)
    return f"CASE WHEN {everybody} THEN true ELSE {theirs} END"


def _link(table: Table, fenced: Mapping[str, str]) -> tuple[str | None, str]:
    """Find the column by which rows of a table belong to somebody, and the table it points to."""
    if table.name in WITHOUT_KEY:
        return WITHOUT_KEY[table.name]
    keys = {
        key.parent.name: key.column.table.name
        for key in table.foreign_keys
        if key.column.table.name in fenced and key.column.name == "id"
    }
    order = {name: place for place, name in enumerate(LINKS)}
    for column in sorted(keys, key=lambda name: (order.get(name, len(LINKS)), name)):
        return column, keys[column]
    return None, ""


def _set(name: str) -> str:
    return f"current_setting('{name}', true)"


def _is_every(name: str) -> str:
    return f"{_set(name)} = '{EVERY}'"


def _take_down(connection: Connection) -> None:
    _take_turn(connection)
    for table in _standing(connection):
        connection.execute(text(f"DROP POLICY {POLICY} ON {table}"))
        connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))


def _put_up(connection: Connection) -> None:
    _take_turn(connection)
    there = set(inspect(connection).get_table_names())
    wanted = {name: rule for name, rule in rules().items() if name in there}
    if wanted and set(wanted) != _standing(connection):
        _make_role(connection)
        for table in sorted(set(wanted) - _standing(connection)):
            connection.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
            rule = f"CREATE POLICY {POLICY} ON {table} TO {ROLE} USING ({wanted[table]})"
            connection.exec_driver_sql(rule)


def _make_role(connection: Connection) -> None:
    """Make the role where there is none, and let it use every table; it may only add to the audit."""
    connection.exec_driver_sql(
        f"DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    is_member = text("SELECT pg_has_role(current_user, :role, 'MEMBER')")
    if not connection.scalar(is_member, {"role": ROLE}):
        connection.execute(text(f"GRANT {ROLE} TO CURRENT_USER"))
    for grant in (
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
        f"REVOKE UPDATE, DELETE ON {UNCHANGEABLE} FROM {ROLE}",
    ):
        connection.execute(text(grant))


def _standing(connection: Connection) -> set[str]:
    known = text("SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = :policy")
    return set(connection.scalars(known, {"policy": POLICY}))


def _take_turn(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:fence)"), {"fence": FENCE_LOCK})
