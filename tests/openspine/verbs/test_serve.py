import pytest

from openspine.outcome import ExitCode, Failure
from openspine.verbs.serve import split_address


@pytest.mark.parametrize("address", ["broker.example:1883", "mqtt://broker.example:1883"])
def test_addresses(address: str) -> None:
    assert split_address(address) == ("broker.example", 1883)


@pytest.mark.parametrize("address", ["", "broker", ":1883", "broker:", "broker:x"])
def test_what_is_no_address_is_a_wrong_command_line(address: str) -> None:
    with pytest.raises(Failure, match="HOST:PORT") as refused:
        split_address(address)
    assert refused.value.code == ExitCode.USAGE
