"""Who and where: Patient, Organization, Device."""

from services.exports.fhir.codes import KIND, LANGUAGE, MACHINE_ID, PATIENT_CODE, TEST_DATA, Json, concept
from services.exports.fhir.facts import Facts
from services.exports.fhir.ids import reference, resource
from services.store.reading.keyset import Record

GENDERS = ("male", "female", "other")  # AdministrativeGender; anything else is `unknown`


def patient(facts: Facts) -> Json:
    """Describe the person; of the date of birth only the year is kept."""
    person = facts.person
    marked = {"meta": {"security": [TEST_DATA]}} if person.origin == "sim" else {}
    return (
        resource("Patient", person.id)
        | marked
        | {
            "identifier": [{"system": PATIENT_CODE, "value": person.code}],
            "name": [{"text": person.name}],
            "gender": person.sex if person.sex in GENDERS else "unknown",
            "birthDate": f"{person.birth_year:04d}",
            "communication": [{"language": concept(LANGUAGE, person.language, person.language)}],
            "managingOrganization": reference("Organization", facts.site.id, facts.site.name),
        }
    )


def organization(site: Record) -> Json:
    """Describe the studio."""
    return resource("Organization", site.id) | {"name": site.name}


def device(machine: Record) -> Json:
    """Describe a machine on which the person has trained."""
    found = resource("Device", machine_key(machine.origin, machine.id)) | {
        "identifier": [{"system": MACHINE_ID, "value": machine.id}],
        "status": "inactive" if machine.retired else "active",
        "deviceName": [{"name": machine.name, "type": "user-friendly-name"}],
        "type": concept(KIND, machine.kind),
        "owner": reference("Organization", machine.site_id),
    }
    return found | ({"version": [{"value": machine.firmware}]} if machine.firmware else {})


def machine_key(origin: str, machine_id: str) -> str:
    """Name a machine: an emulated one may carry the id of a real one."""
    return f"{origin}/{machine_id}"
