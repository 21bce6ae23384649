import urllib.error
from pathlib import Path

import pytest

from contract.machines import catalogue
from openspine import recorded_person
from openspine.broker import available_kinds
from openspine.workshop import workshop
from services.keys import open_keys

NOW_MS = 1_767_225_600_000


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_the_person_of_a_recording_is_known_to_a_service_that_leaves_nothing_behind() -> None:
    with workshop() as there:
        recorded_person.enrol(
            there.database_url, open_keys(there.keys), "leg-press-1", "leg_press", "recorded", NOW_MS
        )
        assert there.get(f"/v1/patients/{recorded_person.PATIENT}")
        folder: Path = there.folder
    assert not folder.exists()
    with pytest.raises(urllib.error.URLError):
        there.get("/readyz")


@pytest.mark.parametrize("kind", catalogue())
def test_the_limits_of_a_recorded_person_stay_inside_the_machine(kind: str) -> None:
    envelope = recorded_person._envelope(kind, NOW_MS)
    assert 0 < envelope.max_load_g <= catalogue()[kind].max_load_g
    assert set(envelope.sides) == set(catalogue()[kind].sides)
