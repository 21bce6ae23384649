"""What staff prescribe: limits, phase, programme, capacity, exercises for home, tests."""
