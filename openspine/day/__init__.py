"""Runs a studio's day: true agents over a real broker with the real service, or at rep level without one."""
