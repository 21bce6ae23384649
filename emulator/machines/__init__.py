"""The machines: a drive with its sensors, its faults, and what carries it."""
