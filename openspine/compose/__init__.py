"""The services of the compose file without containers."""
