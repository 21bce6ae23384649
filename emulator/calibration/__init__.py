"""The emulated people and machines measured, beside the published figures that they are meant to have."""
