"""What screens choose from a random store, against the rule said in plain words; on both databases."""

import random
from collections.abc import Iterator
from typing import Any

import database_copies
import pytest
from sqlalchemy import Engine, Table, select
from studio_rows import NOW_MS, StudioRows, named

from contract.messages import Origin
from services.access import EVERYTHING, Scope
from services.store import fence, tables
from services.store.engine import open_engine, writing
from services.store.reading import changes, floor, inbox, settings
from services.store.reading.keyset import Moment

SIM: Origin = "sim"
SITES = ("studio", "harbour")
SCOPES = (EVERYTHING, Scope(sites=frozenset({"studio"})), Scope(sites=frozenset(SITES)))
SPAN_MS = (NOW_MS, NOW_MS + 100)


class Gathered(StudioRows):
    """Keeps rows until they are written in one transaction."""

    __slots__ = ("kept",)

    def put(self, table: Table, row: dict[str, Any]) -> None:
        self.kept = [*getattr(self, "kept", []), (table, row)]

    def write(self) -> None:
        with writing(self.engine) as connection:
            for table, row in self.kept:
                connection.execute(table.insert(), [row])


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database_copies.migrate(database_url)
    engine = open_engine(database_url)
    rows = Gathered(engine)
    _people(rows)
    for number in range(40):
        _decision(rows, number, random.Random(number))
        _alert(rows, number, random.Random(number))
    rows.write()
    yield engine
    engine.dispose()


def _people(rows: StudioRows) -> None:
    for site in SITES:
        rows.site(id=site)
        rows.machine(f"{site}-1", site_id=site)
        rows.patient(f"Person {site}", site_id=site)
        rows.session(site, f"Person {site}", machine=f"{site}-1")


def _decision(rows: StudioRows, number: int, chance: random.Random) -> None:
    site, name = chance.choice(SITES), f"d-{number}"
    raised, now_ms = chance.choice(["load", None]), NOW_MS + chance.randrange(-20, 130)
    why = [{"code": "raise_load", "values": {"to_g": number}}]
    rows.decision(name, site, f"Person {site}", raised=raised, now_ms=now_ms, why=why)
    for seq in range(chance.randrange(3)):
        sent = {
            "state": chance.choice(["refused", "applied"]),
            "mode": chance.choice(["train", "warm_up"]),
            "in_plan": chance.random() < 0.4,
            "order_id": chance.choice([None, None, named("order")]),
            "reason": chance.choice(["STEP", "BASIS"]),
        }
        order = 3 * number + seq  # of the session
        rows.setting(f"{name}/{seq}", site, name, seq=order, load_g=seq, **sent)
    if chance.random() < 0.3:
        by = {"by_id": "c", "by_name": "Dr", "at_ms": NOW_MS, "patient_id": named(f"Person {site}")}
        rows.put(tables.countersign, {"decision_id": named(name)} | by)


def _alert(rows: StudioRows, number: int, chance: random.Random) -> None:
    site = chance.choice(SITES)
    rows.alert(
        chance.choice(["pain", "staff_waits"]),
        chance.choice(["red", "red", "amber", "info"]),
        id=named(f"alert-{number}"),
        patient_id=chance.choice([named(f"Person {site}"), None]),
        machine=chance.choice([f"{site}-1", None]),
        state=chance.choice(["open", "open", "acknowledged", "resolved"]),
        raised_ms=NOW_MS + chance.randrange(8),
        muted_until_ms=chance.choice([None, NOW_MS + 9]),
        session_id=None,
        handled_by=None,
    )


def everything(engine: Engine, table: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(tables.metadata.tables[table])))


def test_a_day_has_what_was_raised_refused_or_chosen_by_staff(engine: Engine) -> None:
    for scope in SCOPES:
        _check_day(engine, scope)


def _check_day(engine: Engine, scope: Scope) -> None:
    day = changes.Day(origin="sim", sites=scope.sites, span_ms=SPAN_MS)
    signed = {row.decision_id for row in everything(engine, "countersign")}
    sent, expected = everything(engine, "setting"), []
    for one in sorted(everything(engine, "decision"), key=lambda row: (row.now_ms, row.id)):
        mine = [row for row in sent if row.decision_id == one.id]
        weighed = sorted((row for row in mine if row.order_id or not _is_late(row)), key=_weight)
        is_seen = scope.sites is None or one.patient_id in {named(f"Person {site}") for site in scope.sites}
        if not weighed or not is_seen or not SPAN_MS[0] <= one.now_ms < SPAN_MS[1]:
            continue
        told = weighed[-1]
        if one.raised or told.order_id or told.state == "refused":
            refusal = told.reason if told.state == "refused" else None
            expected.append((one.id, refusal, told.order_id, told.load_g, one.id in signed))
    with engine.connect() as connection:
        fence.narrow(connection, scope)
        found, last = [], None
        while rows := changes.page(connection, day, last, 4):
            found += [(row.id, row.refusal, row.order_id, row.load_g, row.signed) for row in rows]
            last = Moment(at_ms=rows[-1].now_ms, id=rows[-1].id)
        count = changes.counted(connection, day)
        some = [row.id for row in changes.among(connection, day, [row[0] for row in expected[::3]])]
    assert len(found) > 5
    assert found == expected
    assert (count.all, count.open) == (len(expected), sum(not row[-1] for row in expected))
    assert some == [row[0] for row in expected[::3]]


def _is_late(row: Any) -> bool:
    return row.state == "refused" and row.reason in ("BASIS", "EXPIRED", "SEQ", "STATE")


def _weight(row: Any) -> tuple[Any, ...]:
    is_refused = row.state == "refused" and not _is_late(row)
    return (bool(row.order_id), is_refused, not _is_late(row), row.mode == "train", row.seq)


def test_the_floor_has_all_settings_and_the_reasons_of_the_last_that_was_sent(engine: Engine) -> None:
    rows = Gathered(engine)
    for site in SITES:  # planned, though its number is higher than that of any that was sent
        rows.setting(f"late {site}", site, "d-0", seq=1_000, in_plan=True)
    rows.write()
    reasons = {row.id: row.why for row in everything(engine, "decision")}
    for sites in ([], ["studio"], list(SITES)):
        ids = [named(site) for site in sites]
        mine = [row for row in everything(engine, "setting") if row.session_id in ids]
        with engine.connect() as connection:
            found = settings.of_floor(connection, ids)
        expected = sorted(mine, key=lambda row: (row.session_id, row.seq))
        assert [row.id for row in found] == [row.id for row in expected]
        last = {row.session_id: row.id for row in expected if not row.in_plan}
        assert len(last) == len(ids) < max(len(found), 1)
        told = {row.id: row.why for row in found if row.why is not None}
        assert told == {row.id: reasons[row.decision_id] for row in expected if row.id in last.values()}


def test_the_floor_counts_the_reps_of_the_newest_set_that_has_any(engine: Engine) -> None:
    rows, chance = Gathered(engine), random.Random(7)
    rows.session("idle", "Person studio")
    done = [(site, number, rep) for site in SITES for number in (1, 2, 10) for rep in range(1, 13)]
    for site, number, rep in chance.sample(done, 30):
        rows.rep(site, rep, set_number=number)
    rows.write()
    expected: dict[str, tuple[int, int]] = {}
    for row in everything(engine, "rep"):
        place = (row.set_number, row.rep_number)
        expected[row.session_id] = max(place, expected.get(row.session_id, place))
    assert set(expected) == {named(site) for site in SITES}
    for ids in ([], [named("idle")], [named("studio")], [named(name) for name in ("idle", *SITES)]):
        with engine.connect() as connection:
            fence.narrow(connection, EVERYTHING)
            found = {
                row.session_id: (row.set_number, row.reps)
                for row in floor.reps_done(connection, dict.fromkeys(ids, NOW_MS))
            }
        assert found == {one: place for one, place in expected.items() if one in ids}


def test_alerts_of_a_site_are_those_of_its_people_and_else_of_its_machines(engine: Engine) -> None:
    for scope in SCOPES:
        _check_alerts(engine, scope)


def _check_alerts(engine: Engine, scope: Scope) -> None:
    site_of = {named(f"Person {site}"): site for site in SITES} | {f"{site}-1": site for site in SITES}

    def is_seen(row: Any) -> bool:
        whose = row.patient_id or row.machine
        is_told = scope.sites is None or (
            row.code == "staff_waits" if whose is None else site_of[whose] in scope.sites
        )
        return is_told and row.state != "resolved"

    told = filter(is_seen, everything(engine, "alert"))
    seen = sorted(told, key=lambda row: (row.raised_ms, row.id), reverse=True)
    loud = [row for row in seen if row.state == "open" and row.severity != "info" and not row.muted_until_ms]
    with engine.connect() as connection:
        fence.narrow(connection, scope)
        asked = (connection, SIM, scope.sites)
        all_of_them = inbox.listing(*asked, inbox.Wanted(muted=None), NOW_MS)
        muted = inbox.listing(*asked, inbox.Wanted(muted=True, severity="red"), NOW_MS)
        heads = inbox.heads(*asked, NOW_MS)
        unseen = inbox.unseen(*asked, NOW_MS)
        past = inbox.listing(*asked, inbox.Wanted(state="resolved", muted=None), NOW_MS)
    assert len(loud) > 1
    assert [row.id for row in all_of_them] == [row.id for row in heads] == [row.id for row in seen]
    assert [row.id for row in muted] == [
        row.id for row in seen if row.muted_until_ms and row.severity == "red"
    ]
    assert [row.raised_ms for row in unseen] == [row.raised_ms for row in loud]
    assert {row.state for row in past} == {"resolved"}
