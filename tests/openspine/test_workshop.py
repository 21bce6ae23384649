import urllib.error
from pathlib import Path

import pytest

from contract.machines import catalogue
from openspine import recorded_person
from openspine.broker import available_kinds
from openspine.service import ask
from openspine.workshop import workshop

NOW_MS = 1_767_225_600_000


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_the_person_of_a_recording_is_known_to_a_service_that_leaves_nothing_behind() -> None:
    with workshop() as service:
        recorded_person.enrol(service, "leg-press-1", "leg_press", "recorded", NOW_MS)
        found = ask(f"{service.url}/v1/patients")["items"]
        assert [person["name"] for person in found] == ["Recorded"]
        folder: Path = service.log.parent
    assert not folder.exists()
    with pytest.raises(urllib.error.URLError):
        ask(f"{service.url}/readyz")


@pytest.mark.parametrize("kind", catalogue())
def test_the_limits_of_a_recorded_person_stay_inside_the_machine(kind: str) -> None:
    envelope = recorded_person._envelope(kind, NOW_MS)
    assert 0 < envelope.max_load_g <= catalogue()[kind].max_load_g
    assert set(envelope.sides) == set(catalogue()[kind].sides)
