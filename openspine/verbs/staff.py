"""`admin staff`: who may sign in; makes the first admin of a studio."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")  # as the API takes it
BY = "command-line"  # in the audit
RoleName = Literal["therapist", "clinician", "admin", "auditor"]
Login = Annotated[str, Parameter(help="Name to sign in with: small letters, figures, . _ @ -")]
DatabaseUrl = Annotated[str | None, Parameter(name="--database", help="Else OPENSPINE_DATABASE_URL.")]


def add(
    login: Login,
    role: RoleName,
    *,
    name: Annotated[str | None, Parameter(help="As shown to others; else the login.")] = None,
    site: Annotated[list[str] | None, Parameter(help="Where the role holds; else everywhere.")] = None,
    database: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    """Invite somebody: prints a one-time code for the sign-in page, which is shown this once."""
    from services.office import staff  # noqa: PLC0415 (another room, loaded when it runs)

    if not LOGIN.fullmatch(login):
        raise Failure("a login has 2 to 64 small letters, figures, or . _ @ -", ExitCode.USAGE)
    who = staff.NewStaff(login=login, name=name or login, language="en", role=role, sites=site)
    with _writing(database) as connection:
        found = staff.invite(connection, who, BY, _now_ms(), is_vouched=True)
        if isinstance(found, staff.Fault):
            raise Failure(found.why)
    _hand_over_code(login, found.code, as_json=json)


def list_(*, database: DatabaseUrl = None, json: AsJson = False) -> None:
    """List who may sign in, with role and sites."""
    with _writing(database) as connection:
        people = _people(connection)
    lines = [
        f"{one['login']:20} {one['role'] or 'no role':10} {one['sites']:20} {one['state']}" for one in people
    ]
    hand_over({"ok": True, "staff": people}, as_json=json, lines=lines or ["nobody yet: admin staff add"])


def disable(login: Login, *, database: DatabaseUrl = None, json: AsJson = False) -> None:
    """Let somebody sign in no more, and end what is signed in, at once."""
    from services.office import staff  # noqa: PLC0415 (another room, loaded when it runs)

    with _writing(database) as connection:
        fault = staff.disable(connection, _id_of(connection, login), BY, _now_ms())
        if fault is not None:
            raise Failure(fault.why)
    hand_over({"ok": True, "login": login}, as_json=json, lines=[f"{login}: may sign in no more"])


def reset(login: Login, *, database: DatabaseUrl = None, json: AsJson = False) -> None:
    """End passphrase, second factor and sign-ins of somebody, and invite anew."""
    from services.office import staff  # noqa: PLC0415 (another room, loaded when it runs)

    with _writing(database) as connection:
        found = staff.reset(connection, _id_of(connection, login), BY, _now_ms(), is_vouched=True)
    _hand_over_code(login, found.code, as_json=json)


def link(
    login: Login,
    *,
    subject: Annotated[str | None, Parameter(help="Who it is at the identity provider: its `sub`.")] = None,
    email: Annotated[
        str | None, Parameter(help="Instead: the address, until the first verified sign-in.")
    ] = None,
    database: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    """Let somebody sign in by an account at the identity provider of OPENSPINE_OIDC_ISSUER."""
    from services.office import linking  # noqa: PLC0415 (another room, loaded when it runs)
    from services.settings import Settings  # noqa: PLC0415 (as above)

    issuer = Settings().oidc_issuer
    if not issuer:
        raise Failure("OPENSPINE_OIDC_ISSUER names no identity provider", ExitCode.USAGE)
    with _writing(database) as connection:
        person = linking.Person(issuer=issuer, subject=subject, email=email)
        staff_id = _id_of(connection, login)
        fault = linking.link(connection, staff_id, person, BY, _now_ms(), is_vouched=True)
        if fault is not None:
            raise Failure(fault.why)
    hand_over({"ok": True, "login": login, "issuer": issuer}, as_json=json, lines=[f"{login}: linked"])


def unlink(login: Login, *, database: DatabaseUrl = None, json: AsJson = False) -> None:
    """Let nobody at the identity provider sign in by an account any more, at once."""
    from services.office import linking  # noqa: PLC0415 (another room, loaded when it runs)

    with _writing(database) as connection:
        fault = linking.unlink(connection, _id_of(connection, login), BY, _now_ms())
        if fault is not None:
            raise Failure(fault.why)
    hand_over({"ok": True, "login": login}, as_json=json, lines=[f"{login}: linked no more"])


def _hand_over_code(login: str, code: str, *, as_json: bool) -> None:
    hand_over({"ok": True, "login": login, "invitation": code}, as_json=as_json, lines=[code])


def _people(connection: Any) -> list[dict[str, str | None]]:
    from services.store.reading import staff as reading  # noqa: PLC0415 (another room, loaded when it runs)

    roles: dict[str, list[Any]] = {}
    for row in reading.roles(connection):
        roles.setdefault(row.staff_id, []).append(row)
    return [_shown(row, roles.get(row.id, [])) for row in reading.everybody(connection)]


def _shown(row: Any, roles: list[Any]) -> dict[str, str | None]:
    has_signed_up = "active" if row.hash is not None else "invited"
    return {
        "id": row.id,
        "login": row.login,
        "name": row.name,
        "role": roles[0].role if roles else None,
        "sites": ", ".join(one.site_id or "everywhere" for one in roles),
        "state": has_signed_up if row.active else "disabled",
    }


def _id_of(connection: Any, login: str) -> str:
    from services.store.reading import staff as reading  # noqa: PLC0415 (another room, loaded when it runs)

    for row in reading.everybody(connection):
        if row.login == login:
            return str(row.id)
    raise Failure(f"nobody is called {login} here", ExitCode.NOT_FOUND)


@contextmanager
def _writing(given: str | None) -> Iterator[Any]:
    """Open the store with its keys; one line and an exit code where that does not go."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 (heavy)

    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.opened import open_store  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.store.engine import writing  # noqa: PLC0415 (heavy)

    settings = Settings()
    try:
        engine = open_store(given or settings.database_url, settings.keys, demo=settings.demo)
    except KeyRefusedError as error:
        raise Failure(str(error)) from error
    try:
        with writing(engine) as connection:
            yield connection
    except DBAPIError as error:
        what = "the database does not answer, or has no tables yet: openspine db upgrade"
        raise Failure(f"{what} ({type(error.orig).__name__})", ExitCode.UNREACHABLE) from error
    finally:
        engine.dispose()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
