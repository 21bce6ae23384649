"""The MQTT rim of the service: adaptive batches, acknowledged only after the commit."""

from collections.abc import Callable

from services.bus.aiomqtt_rim import AiomqttRim
from services.bus.bus import Bus
from services.bus.gmqtt_rim import GmqttRim
from services.bus.line import pace_at
from services.bus.rim import Broker, Parcel, Rim, Share

# By the part that a process takes (settings): what it subscribes to.
SHARES: dict[str, tuple[Share, ...]] = {
    "alone": ("alone",),
    "beside": ("live", "shared"),
    "live": ("live",),
    "worker": ("shared",),
}
RIMS: dict[str, Callable[[Broker], Rim]] = {"gmqtt": GmqttRim, "aiomqtt": AiomqttRim}

__all__ = ["RIMS", "SHARES", "AiomqttRim", "Broker", "Bus", "GmqttRim", "Parcel", "Rim", "pace_at"]
