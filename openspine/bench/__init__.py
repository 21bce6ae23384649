"""Benches: our loops beside yardsticks in the same run; ratios count, absolute times do not."""
