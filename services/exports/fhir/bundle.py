"""The bundle: a collection in which every reference resolves."""

from collections import Counter

import msgspec

from services.exports.fhir.answers import questionnaires
from services.exports.fhir.codes import TEST_DATA, Json, moment
from services.exports.fhir.facts import Facts
from services.exports.fhir.forms import answered
from services.exports.fhir.ids import resource
from services.exports.fhir.observations import observations
from services.exports.fhir.people import device, organization, patient
from services.exports.fhir.plans import care_plan
from services.insights.units import at

MEDIA_TYPE = "application/fhir+json"


def bundle(facts: Facts) -> Json:
    """Put a person's record together; the same facts at the same time give the same bundle."""
    entries = [
        patient(facts),
        *(organization(site) for site in facts.sites),
        *(device(machine) for machine in facts.machines),
        *care_plan(facts),
        *observations(facts),
        *questionnaires(facts),
        *answered(facts),
    ]
    is_made_up = facts.person.origin == "sim"
    marked = {"meta": {"security": [TEST_DATA]}} if is_made_up else {}
    return (
        resource("Bundle", facts.person.id)
        | marked
        | {
            "type": "collection",
            "timestamp": moment(at(facts.now_ms)),
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in entries],
        }
    )


def written(found: Json) -> bytes:
    """Write a bundle as JSON."""
    return msgspec.json.encode(found)


def counts(found: Json) -> dict[str, int]:
    """Count the resources of each type."""
    return dict(Counter(one["resource"]["resourceType"] for one in found["entry"]))
