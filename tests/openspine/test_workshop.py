import urllib.error
from pathlib import Path

import pytest

from contract.machines import catalogue
from openspine.broker.embedded import available_kinds
from openspine.guests import Guest, envelope, welcome
from openspine.service import ask
from openspine.workshop import workshop

NOW_MS = 1_767_225_600_000


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_the_person_of_a_recording_is_known_to_a_service_that_leaves_nothing_behind() -> None:
    with workshop() as service:
        guest = Guest(badge="recorded", name="Recorded", stations=("leg_press",))
        welcome(service, {"leg-press-1": "leg_press"}, [guest], NOW_MS)
        found = ask(f"{service.url}/v1/patients")["items"]
        assert [person["name"] for person in found] == ["Recorded"]
        folder: Path = service.log.parent
    assert not folder.exists()
    with pytest.raises(urllib.error.URLError):
        ask(f"{service.url}/readyz")


@pytest.mark.parametrize("kind", catalogue())
def test_the_limits_of_a_guest_stay_inside_the_machine(kind: str) -> None:
    limits = envelope(Guest(badge="b", name="n", stations=(kind,)), kind, NOW_MS)
    assert 0 < limits.max_load_g <= catalogue()[kind].max_load_g
    assert set(limits.sides) == set(catalogue()[kind].sides)
