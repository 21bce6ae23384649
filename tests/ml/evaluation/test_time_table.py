from ml.evaluation.reading import Unreadable
from ml.evaluation.time_table import Times, read

HEADER = "id,location,core_assisted,machine,tul"


def test_rows_without_seconds_are_left_out() -> None:
    found = read([HEADER, "1,2,assisted,A3,120", "1,2,assisted,B1,", "2,2,core,A3,90"])
    assert isinstance(found, Times)
    assert found.seconds.tolist() == [120.0, 90.0]
    assert found.clinics.tolist() == ["assisted 2", "core 2"]
    assert found.only(found.people == "2").machines.tolist() == ["A3"]


def test_a_table_without_columns_or_rows_is_refused() -> None:
    assert read(["id,machine,tul"]) == Unreadable("no column location, core_assisted")
    assert read([HEADER]) == Unreadable("no rows with seconds")
