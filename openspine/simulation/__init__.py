"""Deterministic simulation: true agent, link, bus, coaching and store in virtual time, from one seed."""
