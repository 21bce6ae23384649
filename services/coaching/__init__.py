"""Use cases for what machines say: facts in, signed settings out; knows no MQTT and no clock."""

from services.coaching.desk import Delivery, Desk, Outcome, Outgoing, StreamAck
from services.coaching.handle import handle

__all__ = ["Delivery", "Desk", "Outcome", "Outgoing", "StreamAck", "handle"]
