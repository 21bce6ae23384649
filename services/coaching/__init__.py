"""Use cases for what machines say."""
