"""Weeks of invented history, written into a store through the service's own coaching."""
