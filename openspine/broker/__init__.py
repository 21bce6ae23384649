"""Brokers: an embedded one for demo and tests, the files of a production one."""
