"""The flooder sends every row until it is committed, and knows which are."""

import pytest

from contract.messages import Ack
from emulator.faults.flood import ROWS, _Flood, flooder


@pytest.fixture
def rows() -> _Flood:
    return _Flood(origin="sim", machine=flooder("row-1"))


def test_its_name_is_a_machine_id_however_long_the_machines_is() -> None:
    assert flooder("row-1") == "row-1-flood"
    assert len(flooder("x" * 32)) == 32


def test_only_what_the_service_has_is_let_go(rows: _Flood) -> None:
    rows.take(Ack(stream=rows.stream, upto=10, missing=((3, 4), (7, 7))))
    assert sorted(rows.open_seqs)[:4] == [3, 4, 7, 11]
    assert len(rows.open_seqs) == ROWS - 7
    rows.take(Ack(stream="another", upto=ROWS))
    assert len(rows.open_seqs) == ROWS - 7
    rows.take(Ack(stream=rows.stream, upto=ROWS))
    assert rows.open_seqs == set()
