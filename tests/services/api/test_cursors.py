from base64 import urlsafe_b64encode

import pytest

from services.api import cursors
from services.api.problems import Refused
from services.store.reading.keyset import Label, Moment, Numbered


def test_places_survive_the_way_through_a_cursor() -> None:
    moment, label = Moment(at_ms=5, id="a"), Label(name="陳 é|&", id="b")
    assert cursors.decode(cursors.encode(moment), Moment) == moment
    assert cursors.decode(cursors.encode(label), Label) == label


def test_cursors_need_no_escaping_in_a_url() -> None:
    cursor = cursors.encode(Label(name="陳 é|&", id="b"))
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


def test_no_cursor_is_the_beginning() -> None:
    assert cursors.decode(None, Moment) is None


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "bnVsbA", cursors.encode(Label(name="a", id="b"))])
def test_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Refused):
        cursors.decode(cursor, Moment)


@pytest.mark.parametrize(
    ("made_up", "of"),
    [
        ('{"at_ms": 9223372036854775808, "id": "a"}', Moment),
        ('{"at_ms": -9223372036854775809, "id": "a"}', Moment),
        ('{"at_ms": 5, "id": "a\\u0000"}', Moment),
        ('{"at_ms": 5, "id": "\\ud800"}', Moment),
        ('{"name": "\\u0000", "id": "a"}', Label),
        ('{"id": 9223372036854775808}', Numbered),
    ],
)
def test_a_place_that_no_database_takes_is_refused(made_up: str, of: type[Moment]) -> None:
    with pytest.raises(Refused):
        cursors.decode(urlsafe_b64encode(made_up.encode()).decode(), of)


@pytest.mark.parametrize(("rows", "shown", "has_next"), [(0, 0, False), (2, 2, False), (3, 2, True)])
def test_one_row_too_many_means_there_is_a_next_page(rows: int, shown: int, has_next: bool) -> None:
    page, following = cursors.split(list(range(rows)), 2, lambda row: Moment(at_ms=row, id="x"))
    assert len(page) == shown
    assert (following is not None) == has_next
    if following:
        assert cursors.decode(following, Moment) == Moment(at_ms=1, id="x")
