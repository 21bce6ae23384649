"""A person's health: what excludes from machines, what was measured and signed, what is consented to."""
