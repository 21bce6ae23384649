from pathlib import Path

from openspine.bench.counting import compared, count
from openspine.bench.load import LoadMachine, Tally
from openspine.bench.raw import open_rows


def test_what_was_answered_and_is_not_stored_is_lost() -> None:
    found = compared({"a": {1, 2, 3}, "b": {1}}, [("a", 1), ("a", 3), ("b", 1)])
    assert (found.answered, found.lost, found.doubled) == (4, 1, 0)


def test_what_is_stored_twice_is_doubled() -> None:
    found = compared({"a": {1, 2}}, [("a", 1), ("a", 1), ("a", 1), ("a", 2)])
    assert (found.lost, found.doubled) == (0, 2)


def test_a_row_that_nobody_was_answered_for_is_neither() -> None:
    found = compared({"a": {1}}, [("a", 1), ("a", 2)])
    assert (found.answered, found.lost, found.doubled) == (1, 0, 0)


def test_the_rows_of_a_side_are_read_from_its_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'raw.sqlite'}"
    machine = LoadMachine(name="m-1", kind="row", badge="b", tally=Tally(), answered=3)
    open_rows(url).add([("m-1", machine.stream, 1, "{}"), ("m-1", machine.stream, 2, "{}")])
    found = count("raw", url, [machine])
    assert (found.answered, found.lost, found.doubled) == (3, 1, 0)
