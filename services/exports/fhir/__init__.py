"""A person's record as a FHIR R4 Bundle."""
