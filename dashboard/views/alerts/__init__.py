"""The alert inbox: what machines and people raised, and who is on it."""
