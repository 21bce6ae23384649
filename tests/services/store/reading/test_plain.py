"""Plain rows say the same under the same names."""

from sqlalchemy import JSON, create_engine, literal_column, select

from services.store.reading.plain import plain


def test_plain_rows_have_names_order_and_decoded_values() -> None:
    why = literal_column("""'[{"code": "pain"}]'""", type_=JSON).label("why")
    asked = select(why, literal_column("7").label("number"))
    with create_engine("sqlite://").connect() as connection:
        (row,) = plain(connection.execute(asked))
        assert (row.why, row.number) == tuple(row) == ([{"code": "pain"}], 7)
        assert plain(connection.execute(asked.where(literal_column("0")))) == []
