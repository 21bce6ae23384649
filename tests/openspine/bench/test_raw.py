from openspine.bench.raw import open_rows


def test_rows_are_added_once(database_url: str) -> None:
    rows = open_rows(database_url)
    rows.add([("m", "s", 1, "{}"), ("m", "s", 2, "{}")])
    rows.add([("m", "s", 2, "{}"), ("m", "s", 3, "{}")])
    assert rows.count() == 3
