"""What the `emulate` verbs run: scenarios, faults, calibration."""
