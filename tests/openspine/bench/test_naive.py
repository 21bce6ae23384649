from builders import a_message, a_rep
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from openspine.bench.naive import Base, Received, store


def test_every_message_is_a_row_even_when_it_comes_again() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    store(engine, a_message(a_rep()), b"{}")
    store(engine, a_message(a_rep()), b"{}")
    with Session(engine) as session:
        found = session.scalars(select(Received)).all()
    assert [(one.kind, one.body) for one in found] == [("rep", "{}")] * 2
