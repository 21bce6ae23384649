"""Replay from the command line: a studio of its own, keys, the progress line, golden files."""
