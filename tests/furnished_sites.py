"""Two people at one site and one at another, each with one of everything that a path can name."""

from door_people import DoorPeople
from rights_by_hand import SITE_OF, SITES
from studio_rows import NOW_MS, named

from openspine.bench.fence import filled
from services.store import screens, tables
from services.store.engine import writing

DAY = "2026-01-05"  # long ago: nothing of it is on a list of today
NOTHING = "00000000-0000-4000-8000-000000000000"
NOT_THERE = {"machine": "nowhere-1", "site_id": "nowhere"}
BELONGING = {
    "booking_id": tables.booking,
    "note_id": tables.note,
    "exercise_id": tables.home_exercise,
    "test_order_id": tables.test_order,
    "functional_test_id": tables.functional_test,
    "preset_id": tables.preset,
}


def furnish(door: DoorPeople) -> dict[str, dict[str, str]]:
    """Put two people into one site and one into another, with one of everything; ids by parameter."""
    found: dict[str, dict[str, str]] = {}
    door.studio.site(id=SITES[1])
    for relation, site in SITE_OF.items():
        name, machine = relation.replace(" ", "-"), f"rotation-{relation.replace(' ', '-')}"
        door.studio.machine(machine, site_id=site)
        patient = door.patient(name, site)
        door.studio.session(f"s-{name}", name, machine=machine)
        door.studio.decision(f"d-{name}", f"s-{name}", name)
        setting = door.studio.setting(f"setting-{name}", f"s-{name}", f"d-{name}")
        door.studio.alert("PAIN", "red", machine=machine, patient_id=patient, session_id=named(f"s-{name}"))
        with writing(door.studio.engine) as connection:
            screen, _ = screens.add(connection, site=site, name=name, now_ms=NOW_MS)
        door.studio.dead_letter(f"letter-{name}", machine=machine)
        staff, _ = door.staff(f"colleague-{name}", "therapist", [site])
        ids = {
            "patient_id": patient,
            "machine": machine,
            "site_id": site,
            "session_id": named(f"s-{name}"),
            "decision_id": named(f"d-{name}"),
            "setting_id": setting,
            "alert_id": named(f"alert/PAIN/{named(f's-{name}')}"),
            "screen_id": screen,
            "staff_id": staff,
            "letter_id": named(f"letter-{name}"),
        } | {by: belonging(door, by, patient, site) for by in BELONGING}
        for by, thing_id in ids.items():
            found.setdefault(by, {"none": NOT_THERE.get(by, NOTHING)})[relation] = thing_id
    return found


def belonging(door: DoorPeople, by: str, patient: str, site: str) -> str:
    """Add something that belongs to a person; what stands in it is no matter here."""
    row = {"id": named(f"{by}/{patient}"), "patient_id": patient, "site_id": site, "origin": "sim"}
    test = "chair_stand" if by == "functional_test_id" else "strength"
    row |= {"kind": "note", "test": test, "exercise": "pelvic_tilt", "from_day": DAY, "day": DAY}
    known = {name: value for name, value in row.items() if name in BELONGING[by].c}
    door.studio.put(BELONGING[by], filled(BELONGING[by], known))
    return row["id"]
