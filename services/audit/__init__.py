"""The audit as values: what an entry may say, how entries are chained, and how a chain is checked."""
