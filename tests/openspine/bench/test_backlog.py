from contract import codec
from contract.messages import Message
from openspine.bench.backlog import WINDOW, BacklogOptions, Spool, spools_of
from openspine.bench.load import LoadMachine, Tally


def _spool(rows: int) -> Spool:
    machine = LoadMachine(name="spool-1", kind="lumbar_extension", badge="b", tally=Tally())
    return Spool(name="spool-1", badge="b", rows=rows, machine=machine)


def test_a_spool_is_one_session_without_gaps() -> None:
    told = [codec.decode_up(topic, payload) for topic, payload in _spool(25).messages()]
    heads = [one.head for one in told if isinstance(one, Message)]
    assert [head.seq for head in heads] == list(range(1, 26))
    assert [head.kind for head in heads] == ["sign_in"] + ["rep"] * 24
    assert len({(head.session, head.stream, head.boot) for head in heads}) == 1


def test_a_spool_is_drained_when_its_last_row_is_stored() -> None:
    spool = _spool(25)
    spool.upto = 24
    assert not spool.is_drained
    spool.upto = 25
    assert spool.is_drained


def test_the_rows_are_shared_out_among_the_spools() -> None:
    spools = spools_of(BacklogOptions(rows=200, spools=4), ["a", "b", "c", "d"])
    assert [spool.rows for spool in spools.values()] == [50] * 4


def test_a_spool_sends_no_more_than_its_window_until_rows_are_acknowledged() -> None:
    spool = _spool(100)
    assert len(spool.ready()) == WINDOW
    assert spool.ready() == []
    spool.upto = 10
    assert len(spool.ready()) == 10
    spool.upto = 74
    assert len(spool.ready()) == 100 - 74
