"""Chaos: the true link, spool, broker and service with faults between them; nothing lost, nothing doubled."""
