"""The patient's screen at the machine: one page, on loopback, with or without the service."""

from machine_agent.screen.machine import Units
from machine_agent.screen.server import application, listen, serve
from machine_agent.screen.watcher import Screen

__all__ = ["Screen", "Units", "application", "listen", "serve"]
