"""What was planted about a person is gone after the erasure, and what was planted about another is not."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import database_copies
import pytest
from planted import WHEN_MS, Planted, dump, prepare
from sqlalchemy import BigInteger, Engine, func, select, update

from contract.names import made_id
from services.privacy.erasure import Erased, ErasureRefusedError, Order, erase
from services.store import audit, person, tables
from services.store import engine as store
from services.store.erasing import MEASURED, MOMENTS, WEEK_MS

EVE, ADAM = "eve-", "adam"
WORK_MS = 60_000
# What a machine is and how far its stream is stored; says nothing of who trained.
DELIVERY = {("inbox", name) for name in ("origin", "machine", "stream", "boot", "kind", "body_hash")}
DELIVERY |= {("status", name) for name in ("origin", "machine", "boot", "state", "firmware", "clock")}


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """SQLite; the test of everything takes PostgreSQL as well."""
    url = str(getattr(request, "param", "")) or f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    if url == "postgres":
        url = request.getfixturevalue("postgres_server").create_database(f"privacy_{uuid4().hex}")
    database_copies.migrate(url)
    made = store.open_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def eve(engine: Engine) -> Planted:
    """Two people in every table; a plan of the one is on its way out, and a poisonous message of hers in."""
    with store.writing(engine) as connection:
        prepare(connection)
        adam, eve = Planted(connection, ADAM), Planted(connection, EVE)
        adam.plant()
        eve.plant()
        for one in (adam, eve):
            name = one.markers["patient", "name"]
            out = {"id": f"out-{one.name}", "topic": "t", "payload": f'{{"greeting":"{name}"}}'.encode()}
            connection.execute(tables.outbox.insert(), [out | {"created_ms": 1}])
            badge = one.markers["credential", "lookup"]
            letter = {"id": f"letter-{one.name}", "topic": "t", "raw": badge.encode(), "size_bytes": 1}
            letter |= {"sha256": "", "reason": "VALUE", "detail": "", "received_ms": 1}
            connection.execute(tables.dead_letter.insert(), [letter])
    return eve


def order(eve: Planted, **changes: object) -> Order:
    return Order(**({"patient_id": eve.patient_id, "actor": "dr", "at_ms": 5} | changes))  # type: ignore[arg-type]


def standing(engine: Engine) -> str:
    with engine.connect() as connection:
        return dump(connection)


@pytest.mark.parametrize("engine", ["", "postgres"], indirect=True)
def test_no_marker_of_an_erased_person_is_left_in_any_table(engine: Engine, eve: Planted) -> None:
    before = standing(engine)
    assert len(eve.markers) > 150
    assert [word for word in eve.markers.values() if word not in before] == []

    done = erase(engine, order(eve, reason=f"wish of {EVE}"))

    after = standing(engine)
    assert {place for place, word in eve.markers.items() if word in after} <= DELIVERY
    assert (done.messages, done.sessions_kept) == (2, 0)
    assert done.rows >= len(eve.rows)
    adams = [line for line in before.splitlines() if ADAM in line]
    assert sorted(line for line in after.splitlines() if ADAM in line) == sorted(adams)


def test_the_pseudonym_stays_in_the_audit_and_nowhere_else(engine: Engine, eve: Planted) -> None:
    erase(engine, order(eve))
    with engine.connect() as connection:
        entry = list(audit.stored(connection))[-1]
        found = dict(person.everything(connection, eve.patient_id))
    assert (entry.action, entry.object_id, entry.actor) == ("patient.erase", eve.patient_id, "dr")
    assert [name for name, rows in found.items() if rows] == ["audit"]


def test_bytes_are_gone_from_the_files_of_sqlite(tmp_path: Path, engine: Engine, eve: Planted) -> None:
    erase(engine, order(eve))
    files = b"".join(path.read_bytes() for path in tmp_path.glob("openspine.sqlite*"))
    about = {word for place, word in eve.markers.items() if place not in DELIVERY}
    assert [word for word in about if word.encode() in files] == []
    assert ADAM.encode() in files


BADGE = "1234"
OTHERS = (
    '{"session":"01234567-1234-4123-8123-412341234123","seq":1234,"wall_ms":1800001234000}',
    '{"greeting":"Wong","sig":"ab1234ef","envelope":{"subject":"12341234"}}',
    '{"badge":"12345"}',
    "no JSON: 1234, 11234",
)


@pytest.mark.parametrize("engine", ["", "postgres"], indirect=True)
def test_a_short_badge_takes_no_message_of_somebody_else_along(engine: Engine, eve: Planted) -> None:
    session = eve.rows["session"]["id"]
    hers = (
        f'{{"badge":"{BADGE}"}}',
        f'{{"badge":{BADGE}}}',
        f'{{"session":"{session}"}}',
        f'{{"patient":"{made_id("reference", session)}"}}',
        f'{{"badge":"{BADGE}",,',
        f"cut off in {session}",
    )
    with store.writing(engine) as connection:
        mine = tables.credential.c.patient_id == eve.patient_id
        connection.execute(update(tables.credential).where(mine).values(lookup=BADGE))
        for number, said in enumerate((*OTHERS, *hers)):
            out = {"id": f"o-{number}", "topic": "t", "payload": said.encode(), "created_ms": 1}
            connection.execute(tables.outbox.insert(), [out])
            letter = {"id": f"l-{number}", "topic": "t", "raw": said.encode(), "size_bytes": 1}
            letter |= {"sha256": "", "reason": "VALUE", "detail": f"row {BADGE}", "received_ms": 1}
            connection.execute(tables.dead_letter.insert(), [letter])
    erase(engine, order(eve))
    with engine.connect() as connection:
        sent, unread = tables.outbox.c, tables.dead_letter.c
        left = connection.scalars(select(sent.payload).where(sent.id.like("o-%")))
        letters = connection.scalars(select(unread.raw).where(unread.id.like("l-%")))
        assert sorted(left) == sorted(letters) == sorted(one.encode() for one in OTHERS)


def consent(engine: Engine, eve: Planted, *, given: bool = True) -> None:
    row = eve.rows["consent"] | {
        "id": f"c-{given}",
        "purpose": "research",
        "given": given,
        "at_ms": WHEN_MS + 1,
    }
    with store.writing(engine) as connection:
        connection.execute(tables.consent.insert(), [row])


def kept(engine: Engine, eve: Planted) -> Erased:
    return erase(engine, order(eve))


def test_measured_figures_stay_with_nobody_where_research_was_agreed_to(engine: Engine, eve: Planted) -> None:
    consent(engine, eve)
    with store.writing(engine) as connection:
        connection.execute(update(tables.finished_set).values(work_ms=WORK_MS))
    assert kept(engine, eve).sessions_kept == 1
    with engine.connect() as connection:
        session = connection.execute(
            select(tables.session).where(tables.session.c.patient_id.is_(None))
        ).one()
        assert session.id != eve.rows["session"]["id"]
        assert (session.nonce, session.frame, session.opened_ms % WEEK_MS) == (None, {}, 0)
        for table in MEASURED:
            row = connection.execute(select(table).where(table.c.session_id == session.id)).mappings().one()
            assert (row["stream"], row["wall_ms"] % WEEK_MS) == (session.stream, 0)
        figures = connection.execute(select(tables.rep.c.work_j)).scalars().all()
        lasted = connection.scalar(
            select(tables.finished_set.c.work_ms).where(tables.finished_set.c.session_id == session.id)
        )
    assert lasted == WORK_MS
    assert eve.rows["rep"]["work_j"] in figures
    after = standing(engine)
    stay = {table.name for table in (*MEASURED, tables.session)}
    assert {
        place for place, word in eve.markers.items() if place[0] not in stay and word in after
    } <= DELIVERY


def test_every_moment_of_what_is_kept_is_known_as_one() -> None:
    times = {
        column.name
        for table in (*MEASURED, tables.session)
        for column in table.columns
        if column.name.endswith("_ms") and isinstance(column.type, BigInteger)
    }
    assert times <= MOMENTS


@pytest.mark.parametrize("way", ["withdrawn", "all is to go"])
def test_nothing_stays_without_agreement(engine: Engine, eve: Planted, way: str) -> None:
    consent(engine, eve)
    if way == "withdrawn":
        with store.writing(engine) as connection:
            later = eve.rows["consent"] | {"id": "c-2", "purpose": "research", "given": False}
            connection.execute(tables.consent.insert(), [later | {"at_ms": WHEN_MS + 2}])
    assert erase(engine, order(eve, keep_measured=way == "withdrawn")).sessions_kept == 0
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.rep)) == 1  # Adam's


def test_who_trains_is_not_erased_and_who_is_not_there_cannot_be(engine: Engine, eve: Planted) -> None:
    with store.writing(engine) as connection:
        mine = tables.session.c.id == eve.rows["session"]["id"]
        connection.execute(update(tables.session).where(mine).values(closed_ms=None))
    with pytest.raises(ErasureRefusedError, match="trains right now"):
        erase(engine, order(eve))
    assert eve.markers["patient", "name"] in standing(engine)
    with pytest.raises(LookupError):
        erase(engine, order(eve, patient_id="00000000-0000-4000-8000-000000000000"))
