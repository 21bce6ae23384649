"""What the kit's director wants done; the rim does it."""

from dataclasses import dataclass

from contract.topics import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Send these bytes to the machine; `expiry_s` None: they never grow old."""

    channel: Channel
    payload: bytes
    retain: bool = False
    expiry_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Cut the machine off, or let it in again."""

    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Say to whoever runs the kit what happens, or what to do at the machine."""

    text: str


Order = Publish | Door | Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long the kit waits (s, real time), and the back-off that the protocol page names."""

    hello_s: float = 60.0
    sign_in_s: float = 120.0
    act_s: float = 900.0
    retry_least_s: float = 10.0
    retry_first_most_s: float = 20.0
    retry_most_s: float = 60.0
    slack_s: float = 5.0
    cut_least_s: float = 8.0  # the will comes after 5
    ack_s: float = 5.0
    end_s: float = 1.0
