"""Code systems, units and the shapes that carry them; docs/fhir.md lists our own codes.

LOINC stands where a term means the same: pain 0 to 10 is 72514-3, the score of the Oswestry index 97909-6.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

Json = dict[str, Any]

OWN: Final = "urn:openspine:fhir"  # everything of ours is named below it
MEASURE: Final = f"{OWN}:measure"  # what is measured, answered or ordered
ANSWER: Final = f"{OWN}:answer"  # words of the wire: 1-2, none, limb
KIND: Final = f"{OWN}:machine-kind"
SIDE: Final = f"{OWN}:side"
PHASE: Final = f"{OWN}:phase"
PATIENT_CODE: Final = f"{OWN}:patient-code"
MACHINE_ID: Final = f"{OWN}:machine"
LIMITS_VERSION: Final = f"{OWN}:limits-version"
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
TEST_DATA: Final = {  # of people who were made up; no receiver may take them for patients
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
LANGUAGE: Final = "urn:ietf:bcp:47"
PAIN_NRS: Final = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
UNITS: Final[Mapping[str, str]] = {  # UCUM code -> what people read
    "kg": "kg",
    "deg": "°",
    "J": "J",
    "N.m": "Nm",
    "s": "s",
    "%": "%",
    "{score}": "score",
    "{repetitions}": "repetitions",
    "{sets}": "sets",
}


def concept(system: str, code: str, display: str | None = None) -> Json:
    """Make a concept of one coding; the words are those of the code unless given."""
    said = display or words(code)
    return {"coding": [{"system": system, "code": code, "display": said}], "text": said}


def measure(code: str) -> Json:
    """Make a concept of our own measures."""
    return concept(MEASURE, code)


def words(code: str) -> str:
    """Say a code in words."""
    return code.replace("_", " ").replace("-", " ").capitalize()


def quantity(value: float, unit: str) -> Json:
    """Make a quantity in a UCUM unit that is known here."""
    return {"value": value, "unit": UNITS[unit], "system": UCUM, "code": unit}


def component(code: str, value: float, unit: str) -> Json:
    """Make a part of an observation."""
    return {"code": measure(code), "valueQuantity": quantity(value, unit)}


def moment(at: datetime) -> str:
    """Write a moment as FHIR's dateTime and instant."""
    return at.isoformat(timespec="milliseconds")
