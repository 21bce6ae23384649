"""Papers about a person: notes of staff, and questionnaires."""
