from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from contract.names import RowKey, made_id, setting_id


def test_ids_of_recorded_decisions_never_change() -> None:
    assert made_id("visit", 3) == "45285c43-cea7-51a8-9521-f1c7c18e0f4b"


def test_a_setting_is_named_by_the_row_that_it_answers() -> None:
    basis: RowKey = ("sim", "row-1", "b7e2c6f0-0000-4000-8000-000000000001", 7)
    named = setting_id(basis, "s", 2)
    assert named == made_id(*basis, "setting", "s", 2)
    real: RowKey = ("real", *basis[1:])
    later: RowKey = (*basis[:3], 8)
    others = [(real, "s", 2), (later, "s", 2), (basis, "t", 2), (basis, "s", 3)]
    assert named not in [setting_id(*other) for other in others]


@given(st.lists(st.text() | st.integers(), max_size=6))
def test_an_id_is_the_uuid_of_the_library(parts: list[str | int]) -> None:
    space = UUID("6f70656e-7370-5e65-8a11-636f61636821")
    words = "/".join(str(part) for part in parts)
    assert made_id(*parts) == str(uuid5(space, words))
