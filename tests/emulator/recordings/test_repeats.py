from builders import MACHINE

from contract import topics
from contract.topics import Address
from emulator.recordings.repeats import Repeats


def address(topic: str) -> Address:
    found = topics.parse(topic)
    assert found is not None
    return found


def test_a_row_is_there_before_only_as_a_whole() -> None:
    repeats = Repeats()
    here = address(topics.name("sim", MACHINE, "up/rep"))
    real = address(topics.name("real", MACHINE, "up/rep"))
    elsewhere = address(topics.name("sim", "row-1", "up/rep"))
    fresh = [(here, "a", 1), (here, "a", 2), (here, "b", 1), (real, "a", 1), (elsewhere, "a", 1)]
    assert [repeats.has(*one) for one in fresh] == [False] * 5
    assert [repeats.has(*one) for one in (fresh[0], fresh[0], fresh[4])] == [True] * 3
    assert repeats.count == 3
