"""Ask the broker itself whether it lets in somebody who shows no password."""

import uuid
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from services.bus.rim import Broker
from services.refusals import Finding
from services.settings import Settings

PATIENCE_S: Final = 5.0
REFUSALS: Final = (0x86, 0x87)  # MQTT 5, 3.2.2.2: bad user name or password, not authorized


def of_broker(settings: Settings, warn: Callable[[str], object]) -> Iterator[Finding]:
    """Find a broker that lets in anybody; `warn` of one that does not answer, which proves nothing."""
    if settings.mqtt == "none":
        return
    address = f"{settings.mqtt_host}:{settings.mqtt_port}"
    stranger = f"stranger-{uuid.uuid4().hex}"  # a name that is somebody's would end a session
    try:
        is_open = admits(
            Broker(
                host=settings.mqtt_host,
                port=settings.mqtt_port,
                client_id=stranger,
                tls=settings.mqtt_context(),
            )
        )
    except OSError as error:
        warn(f"whether the broker at {address} lets in anybody is unknown: {type(error).__name__}")
        return
    if is_open:
        yield Finding(
            code="anonymous_broker",
            said=f"the broker at {address} lets in whoever shows no password: "
            "set it up by `openspine admin broker set-up`",
        )


def admits(broker: Broker) -> bool:
    """Tell whether a broker lets in a client without a password; OSError when it does not say."""
    answers: SimpleQueue[int] = SimpleQueue()
    client = Client(
        CallbackAPIVersion.VERSION2, client_id=broker.client_id, protocol=MQTTProtocolVersion.MQTTv5
    )
    client.connect_timeout = PATIENCE_S
    client.on_connect = lambda _client, _data, _flags, reason, _properties: answers.put(reason.value)
    if broker.tls is not None:
        client.tls_set_context(broker.tls)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        reason = answers.get(timeout=PATIENCE_S)
    except Empty:
        raise TimeoutError from None
    finally:
        client.disconnect()
        client.loop_stop()
    if reason not in {0, *REFUSALS}:
        raise ConnectionRefusedError(f"MQTT reason {reason}")
    return reason == 0
