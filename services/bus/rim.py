"""What the bus needs of an MQTT client; gmqtt and aiomqtt both give it."""

from collections.abc import Callable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Final, Literal, Protocol, get_args

from contract import topics

# Unacknowledged messages from the broker: windows (64) of 250 machines that come back at once. What trains
# is served before a backlog only once the service has it, for in a broker all stand in one line.
RECEIVE_MAXIMUM: Final = 16_000
SESSION_EXPIRY_S: Final = 7 * 86_400  # protocol page: the broker keeps the session while the service is away
KEEPALIVE_S: Final = 10  # safety page, time-outs
RECONNECT_S: Final = 0.5
Share = Literal["alone", "shared", "live"]
_GROUP: Final = "$share/openspine/"  # the workers among whom the broker deals the messages out
_RECORDED: Final[tuple[topics.Channel, ...]] = ("up/session", "up/rep", "up/set", "up/event")
_LIVE: Final[tuple[topics.Channel, ...]] = ("up/status", "up/frame")


def subscriptions(share: Share) -> tuple[str, ...]:
    """List what is subscribed to: alone everything, by a worker its share, for screens what is live."""
    if share == "alone":
        return tuple(f"{root}/v1/+/up/#" for root in topics.ROOTS.values())
    channels, group = (_RECORDED, _GROUP) if share == "shared" else (_LIVE, "")
    return tuple(group + topics.name(origin, "+", channel) for origin in topics.ROOTS for channel in channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is, under which fixed name to speak (also the user name), and how it is proven."""

    host: str
    port: int
    client_id: str
    password: str | None = None
    tls: SSLContext | None = None
    shares: tuple[Share, ...] = ("alone",)

    @property
    def wanted(self) -> tuple[str, ...]:
        """List what is subscribed to."""
        return tuple(topic for share in self.shares for topic in subscriptions(share))

    @property
    def session_expiry_s(self) -> int:
        """Say how long the broker keeps what it would have told; it would deal shares to the dead as well."""
        return 0 if "shared" in self.shares else SESSION_EXPIRY_S

    @property
    def sends_again(self) -> bool:
        """Tell whether a new link brings what was not acknowledged over the one before."""
        return self.session_expiry_s > 0

    @property
    def unwanted(self) -> tuple[str, ...]:
        """List what a session of this client may still be subscribed to, from another day."""
        others = (topic for share in get_args(Share) for topic in subscriptions(share))
        return tuple(topic for topic in others if topic not in self.wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message from the broker; it is acknowledged to the broker only by calling `settle`.

    `is_awaited`: the broker counts it until then; not one of QoS 0, of which it sends as many as come.
    `link`: what brought it. Over another one the broker sends again what was not acknowledged; None where it
    does not, since the session ends with the link.
    """

    topic: str
    payload: bytes
    settle: Callable[[], None]
    is_awaited: bool = True
    link: object = None


Confirmed = Callable[[bool], None]  # True: the broker has it; False: the link was lost with it


def unasked(_: bool) -> None:  # noqa: FBT001 (its one argument is what the broker says)
    """Take no notice of whether the broker has a message."""


class Rim(Protocol):
    """An MQTT 5 client with a persistent session that acknowledges when told to."""

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        """Connect, subscribe, hand over, and connect again for ever; ends when it is cancelled."""
        ...

    async def publish(
        self, topic: str, payload: bytes, expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        """Hand over with QoS 1, in order; waits while the broker's window is full or the link is down.

        `confirmed` is called once, when the broker has acknowledged it or the link was lost with it.
        """
        ...

    async def connected(self) -> None:
        """Wait until the link stands."""
        ...

    @property
    def is_connected(self) -> bool:
        """Tell whether the link stands."""
        ...
