"""Physiology of the emulated people; a family of its own, not the one the controller assumes."""
