from collections.abc import Callable

from ml.evaluation.reading import Unreadable
from ml.evaluation.sets_table import SetsTable, read

Lines = Callable[..., list[str]]
HEADER = "participant_id,exercise,machine_type,day,weight_kg,reps_recorded"
SERIES = [f"1,Press,lp,{7 * week},100,{8 + week}" for week in range(5)]


def table(lines: list[str]) -> SetsTable:
    found = read(lines)
    assert isinstance(found, SetsTable)
    return found


def test_every_set_but_the_first_of_a_series_is_a_forecast(sets_lines: Lines) -> None:
    found = table(sets_lines(3, 1, sets=6))
    assert len(found.people) == 3
    assert found.forecasts == 3 * 2 * 5
    assert found.machine_types == {"Press": "lp", "Pull": "pd"}
    assert found.left_out == {}


def test_sets_come_by_day_whatever_the_order_of_the_rows() -> None:
    found = table([HEADER, *reversed(SERIES)])
    assert [one.day for one in found.people["1"]] == [0.0, 7.0, 14.0, 21.0, 28.0]


def test_rows_that_say_too_little_are_left_out_and_counted() -> None:
    odd = [
        ",Press,lp,1,100,8",
        "1,Press,lp,2,,8",
        "1,Press,lp,3,100,NA",
        "1,Press,lp,4,100,25",
        "1,Sled,xx,4,100,8",
        "1,Pull,pd,4,50,8",
    ]
    found = table([HEADER, *SERIES, *odd])
    assert found.forecasts == 4
    assert found.left_out == {
        "no person": 1,
        "no weight or reps": 2,
        "more than 20 reps": 1,
        "unknown machine type": 1,
        "series of fewer than 5 sets": 1,
    }


def test_a_table_without_its_columns_or_without_series_is_refused() -> None:
    assert read(["participant_id,exercise,day", "1,Press,0"]) == Unreadable(
        "no column machine_type, weight_kg, reps_recorded"
    )
    assert read([HEADER, *SERIES[:4]]) == Unreadable("no series of enough sets")
