from contract.machines import catalogue
from openspine.demo.studio import read_studio

STUDIO = read_studio()


def test_twelve_patients_and_six_machines() -> None:
    assert len(STUDIO.patients) == 12
    assert len(STUDIO.machines) == 6


def test_every_station_has_a_machine_and_every_machine_a_patient() -> None:
    kinds = set(STUDIO.machines.values())
    assert kinds <= set(catalogue())
    assert {kind for patient in STUDIO.patients for kind in patient.stations} == kinds


def test_badges_codes_and_seeds_are_unique() -> None:
    for field in ("badge", "code", "seed", "name"):
        assert len({getattr(patient, field) for patient in STUDIO.patients}) == 12, field


def test_both_profiles_and_both_languages_are_there() -> None:
    assert {patient.profile for patient in STUDIO.patients} == {"rehab", "studio"}
    assert {patient.language for patient in STUDIO.patients} == {"en", "zh-HK"}


def test_two_languages_come_to_the_kiosk_which_is_a_machine_of_its_own() -> None:
    assert {patient.language for patient in STUDIO.at_kiosk} == {"en", "zh-HK"}
    assert all(STUDIO.kiosk.kind in patient.stations for patient in STUDIO.at_kiosk)
    assert STUDIO.kiosk.machine not in STUDIO.machines
