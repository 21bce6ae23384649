"""Options name what the contract names."""

from contract.messages import vocabulary
from openspine.verbs import options


def test_phases_and_sides_are_those_of_the_contract() -> None:
    assert options.PhaseName == vocabulary.Phase
    assert options.SideName == vocabulary.Side
