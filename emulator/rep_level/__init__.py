"""Sets, visits and weeks rep by rep, many people at a time."""
