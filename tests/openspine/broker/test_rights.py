"""Rights follow from a client's name alone."""

import pytest

from openspine.broker import rights as broker_rights
from openspine.broker.rights import Rights, kind_of, rights_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lumbar-1", "machine"),
        ("sim-lumbar-1", "simulation"),
        ("svc-coaching", "service"),
        ("rec-studio", "recorder"),
        ("svc-", None),
        ("sim-svc-coaching", None),  # an emulated machine has a machine's id
        ("Lumbar 1", None),
        ("+", None),
        ("#", None),
        ("lumbar/1", None),
        ("", None),
    ],
)
def test_a_name_says_what_a_client_is(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_a_machine_has_its_own_topics_and_an_emulated_one_the_simulations() -> None:
    assert rights_of("hip-1") == Rights(
        publish=("openspine/v1/hip-1/up/#",), subscribe=("openspine/v1/hip-1/down/#",)
    )
    assert rights_of("sim-hip-1") == Rights(
        publish=("openspine-sim/v1/hip-1/up/#",), subscribe=("openspine-sim/v1/hip-1/down/#",)
    )


def test_a_recorder_may_write_nothing() -> None:
    assert rights_of("rec-studio").publish == ()


def test_a_name_that_is_none_has_no_rights() -> None:
    with pytest.raises(KeyError):
        rights_of("Lumbar 1")


def test_clients_are_read_back_as_they_were_written() -> None:
    clients = [broker_rights.client(name, "secret", b"salt") for name in ("hip-1", "svc-coaching")]
    written = broker_rights.configuration(clients)
    assert broker_rights.clients_of(written) == clients
    assert "secret" not in str(written)
    assert [one["clientid"] for one in written["clients"]] == ["hip-1", "svc-coaching"]


def test_another_password_or_salt_is_another_hash() -> None:
    hashes = {
        broker_rights.client("hip-1", password, salt).password_hash
        for password in ("one", "two")
        for salt in (b"a", b"b")
    }
    assert len(hashes) == 4
