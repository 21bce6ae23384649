from sqlalchemy import Column, ForeignKey, MetaData, String, Table

from services.store import linked, tables


def test_every_table_is_about_people_or_says_why_not() -> None:
    about = {table.name for table in linked.linked()}
    assert about & set(linked.NOBODY) == set()
    assert about | set(linked.NOBODY) == set(tables.metadata.tables)


def test_no_table_comes_before_one_that_it_hangs_on() -> None:
    order = [table.name for table in linked.linked()]
    assert order[0] == "patient"
    for table in linked.linked():
        for _, target in linked.links(table):
            assert order.index(target.name) < order.index(table.name)


def test_rows_are_found_without_a_foreign_key_too() -> None:
    assert [column.name for column, _ in linked.links(tables.inbox)] == ["session_id"]
    assert not tables.inbox.foreign_keys


def test_a_new_table_that_nothing_leads_to_would_be_noticed() -> None:
    metadata = MetaData()
    alone = Table("alone", metadata, Column("id", String, primary_key=True), Column("name", String))
    assert linked.links(alone) == ()
    note = Table("note2", metadata, Column("patient_id", ForeignKey(tables.patient.c.id)))
    assert [target.name for _, target in linked.links(note)] == ["patient"]
