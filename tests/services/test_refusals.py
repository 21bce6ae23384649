"""What a production start refuses, one by one, and that nothing else is found."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import database_copies
import demo_people
import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from services import refusals
from services.keys import folder
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.keys.site import open_site_key
from services.prescribing.refusals import of_prescriber
from services.prescribing.settings import PrescribingSettings
from services.refusals import DatabaseSilentError, StartRefusedError, of_people, of_service, refuse_unsafe
from services.settings import Settings
from services.store import engine as store

POSTGRESQL = "postgresql+psycopg://openspine@database/openspine"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    home = tmp_path / "keys"
    folder.add(home, "command")
    open_site_key(home, make=True)
    open_audit_key(home, make=True)
    make_identity_key(home)
    return home


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "mqtt-password"
    path.touch(0o600)
    return path


@pytest.fixture
def good(keys: Path, password: Path) -> dict[str, Any]:
    """A production as it should be: everything goes over the network, and nothing in the open."""
    return {
        "database_url": POSTGRESQL,
        "mqtt_host": "broker",
        "mqtt_tls": True,
        "mqtt_password_file": password,
        "http_host": "10.0.0.7",
        "behind_tls_proxy": True,
        "keys": keys,
    }


def codes(given: dict[str, Any]) -> list[str]:
    return [one.code for one in of_service(Settings(**given))]


def test_nothing_speaks_against_a_production_as_it_should_be(good: dict[str, Any]) -> None:
    assert codes(good) == []
    assert codes(good | {"database_url": POSTGRESQL.replace("openspine@", "openspine:8c1fe2@")}) == []
    assert codes(good | {"mqtt_host": "127.0.0.1", "mqtt_tls": False, "mqtt_password_file": None}) == []
    assert codes(good | {"http_host": "localhost", "behind_tls_proxy": False}) == []
    assert codes(good | {"mqtt": "none", "mqtt_tls": False, "mqtt_password_file": None}) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"database_url": "sqlite:///openspine.sqlite"}, "sqlite"),
        ({"database_url": POSTGRESQL.replace("openspine@", "openspine:change-me@")}, "known_password"),
        ({"database_url": POSTGRESQL.replace("openspine@", "openspine:Postgres@")}, "known_password"),
        ({"mqtt_tls": False}, "plain_mqtt"),
        ({"mqtt_password_file": None}, "anonymous_broker"),
        ({"behind_tls_proxy": False}, "plain_http"),
        ({"http_host": "::", "behind_tls_proxy": False}, "plain_http"),
        ({"http_host": "0.0.0.0", "behind_tls_proxy": False}, "plain_http"),  # noqa: S104 (refused)
        ({"api_docs": True}, "open_docs"),
        ({"sign_in": False}, "open_door"),
    ],
)
def test_each_thing_is_found_alone(good: dict[str, Any], changes: dict[str, Any], code: str) -> None:
    assert codes(good | changes) == [code]
    assert all("\n" not in one.said for one in of_service(Settings(**good | changes)))


def test_sqlite_may_be_asked_for(good: dict[str, Any]) -> None:
    assert codes(good | {"database_url": "sqlite:///a.sqlite", "allow_sqlite": True}) == []


def test_a_demo_key_is_found_until_it_is_retired(good: dict[str, Any], keys: Path) -> None:
    folder.add(keys, "command", "demo-command")
    assert codes(good) == ["demo_secret"]
    folder.retire(keys, "demo-command")
    assert codes(good) == []


@pytest.mark.parametrize("name", ["site", "audit", "identity", "*.private", "password"])
def test_a_secret_that_others_may_read_is_found(
    good: dict[str, Any], keys: Path, password: Path, name: str
) -> None:
    path = password if name == "password" else next(keys.glob(name))
    path.chmod(0o640)
    assert codes(good) == ["readable_secret"]
    assert str(path) in next(of_service(Settings(**good))).said


def test_the_prescriber_refuses_the_same(tmp_path: Path) -> None:
    home = tmp_path / "envelope-keys"
    folder.add(home, "envelope", "demo-envelope")
    open_audit_key(home, make=True)
    (home / "audit").chmod(0o604)
    (home / "operators.json").touch(0o644)
    given: dict[str, Any] = {
        "database_url": "sqlite:///a",
        "prescribe_host": "10.0.0.7",
        "envelope_keys": home,
    }
    found = [one.code for one in of_prescriber(PrescribingSettings(**given))]
    assert found == ["sqlite", "plain_http", "demo_secret", "readable_secret", "readable_secret"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    made = store.open_engine(url)
    yield made
    made.dispose()


def test_demo_users_are_found_in_the_database(engine: Engine) -> None:
    assert list(of_people(engine)) == []
    demo_people.invent(engine)
    assert [one.code for one in of_people(engine)] == ["demo_users"]


def test_a_database_without_tables_has_no_demo_users(tmp_path: Path) -> None:
    assert list(of_people(store.open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}"))) == []


def test_who_is_in_a_database_that_does_not_answer_is_unknown(free_port: int) -> None:
    silent = store.open_engine(f"postgresql+psycopg://openspine@127.0.0.1:{free_port}/openspine")
    with pytest.raises(DatabaseSilentError, match=f"does not say who is in it: .*{free_port}"):
        list(of_people(silent))


@pytest.mark.parametrize(
    ("driver", "told"),
    [
        ('FATAL:  password authentication failed for user "openspine"\nand more', "failed for user"),
        ('FATAL:  database "studio" does not exist', 'database "studio" does not exist'),
        ("no address for hush by this name", "no address for *** by"),
        ("failed to resolve host 'sh@database'", "host '***@database'"),
        ("", "OperationalError"),
    ],
)
def test_what_the_database_says_is_told_in_one_line_without_the_password(driver: str, told: str) -> None:
    def refuse() -> psycopg.Connection[Any]:
        raise psycopg.OperationalError(driver)

    engine = create_engine("postgresql+psycopg://openspine:hush@database/studio", creator=refuse)
    with pytest.raises(DatabaseSilentError) as silent:
        list(of_people(engine))
    assert told in str(silent.value)
    assert "sh@" not in str(silent.value)
    assert "hush" not in str(silent.value)
    assert "\n" not in str(silent.value)


def test_a_demo_may_have_everything_and_a_production_hears_of_everything_at_once() -> None:
    found = list(refusals.database("sqlite://", is_allowed=False))
    refuse_unsafe(found * 2, demo=True)
    with pytest.raises(StartRefusedError) as refused:
        refuse_unsafe(found * 2, demo=False)
    assert refused.value.findings == found * 2
