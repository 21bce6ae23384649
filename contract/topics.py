"""One table: channel -> direction, quality of service, retain, expiry, message kinds."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from contract.messages.vocabulary import MACHINE_PATTERN, Origin, RecordedKind

Channel = Literal[
    "up/status", "up/session", "up/rep", "up/set", "up/event", "up/frame",
    "down/plan", "down/setting", "down/hold", "down/ack", "local/sample",
]  # fmt: skip

ROOTS: dict[Origin, str] = {"real": "openspine", "sim": "openspine-sim"}
RESERVED_PREFIXES = ("svc-", "rec-", "sim-")  # client ids of service, recorder and emulator; never a machine
COMMAND_EXPIRY_S = 30  # a command older than this must not be delivered
WILL_DELAY_S = 5  # a short break of the link is no news


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How one channel travels."""

    channel: Channel
    direction: Literal["up", "down", "local"]
    qos: Literal[0, 1]
    kinds: tuple[str, ...]
    retain: bool = False
    expiry_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A parsed topic name."""

    origin: Origin
    machine: str
    channel: Channel


TOPICS: dict[Channel, Topic] = {
    topic.channel: topic
    for topic in (
        Topic(channel="up/status", direction="up", qos=1, retain=True, kinds=("status",)),
        Topic(
            channel="up/session", direction="up", qos=1, kinds=("sign_in", "sign_out", "answer", "gravity")
        ),
        Topic(channel="up/rep", direction="up", qos=1, kinds=("rep",)),
        Topic(channel="up/set", direction="up", qos=1, kinds=("set_end", "test_result")),
        Topic(channel="up/event", direction="up", qos=1, kinds=("event", "receipt")),
        Topic(channel="up/frame", direction="up", qos=0, kinds=("frame",)),
        Topic(channel="down/plan", direction="down", qos=1, kinds=("plan",)),
        Topic(channel="down/setting", direction="down", qos=1, kinds=("setting",), expiry_s=COMMAND_EXPIRY_S),
        Topic(channel="down/hold", direction="down", qos=1, kinds=("hold",), expiry_s=COMMAND_EXPIRY_S),
        Topic(channel="down/ack", direction="down", qos=1, kinds=("ack",)),
        Topic(channel="local/sample", direction="local", qos=0, kinds=("sample",)),
    )
}
CHANNEL_OF_KIND: dict[str, Channel] = {
    kind: channel for channel, topic in TOPICS.items() for kind in topic.kinds
}
_ORIGIN_OF_ROOT: dict[str, Origin] = {root: origin for origin, root in ROOTS.items()}
_MACHINE = re.compile(MACHINE_PATTERN)
_CHANNELS = frozenset(get_args(Channel))


def name(origin: Origin, machine: str, channel: Channel) -> str:
    """Write the topic name of one machine's channel; `machine` may be the wildcard `+`."""
    return f"{ROOTS[origin]}/v1/{machine}/{channel}"


def name_for_kind(origin: Origin, machine: str, kind: RecordedKind) -> str:
    """Write the topic name on which a recorded message of this kind travels."""
    return name(origin, machine, CHANNEL_OF_KIND[kind])


def is_machine_id(text: str) -> bool:
    """Tell whether the text may name a machine: the pattern holds and no reserved prefix is used."""
    return _MACHINE.fullmatch(text) is not None and not text.startswith(RESERVED_PREFIXES)


@lru_cache(maxsize=8_192)  # machines of a large studio, each on a few channels
def parse(topic: str) -> Address | None:
    """Read a topic name; None when it is not one of ours."""
    parts = topic.split("/", 3)
    if len(parts) != 4 or parts[1] != "v1" or parts[0] not in _ORIGIN_OF_ROOT:
        return None
    root, _, machine, channel = parts
    if not is_machine_id(machine) or channel not in _CHANNELS:
        return None
    return Address(origin=_ORIGIN_OF_ROOT[root], machine=machine, channel=channel)  # type: ignore[arg-type]
