"""A studio in which emulated people train at true agents."""
