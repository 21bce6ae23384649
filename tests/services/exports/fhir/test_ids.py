from services.exports.fhir.ids import made, reference, resource


def test_names_never_change() -> None:
    """Receivers know resources by these names."""
    assert made("Patient", "1") == "ab12e535-1ea3-5b0e-b983-a987b0766a6d"
    assert resource("Patient", "1") == {"resourceType": "Patient", "id": made("Patient", "1")}


def test_equal_keys_of_two_types_are_two_things() -> None:
    assert made("Patient", "1") != made("CarePlan", "1")
    assert reference("Patient", "1") == {"reference": f"urn:uuid:{made('Patient', '1')}", "type": "Patient"}
    assert reference("Patient", "1", "Chan")["display"] == "Chan"
