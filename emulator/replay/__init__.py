"""A recording once more through the true agent."""
