"""Rows of emulated machines into the service's own coaching, and its answers back, without a broker."""

from collections.abc import Sequence

from sqlalchemy import Connection

from contract import codec, topics
from contract.messages import Down, Message
from services.coaching import Delivery, Desk, handle
from services.store import wire


def coached(messages: Sequence[Message], connection: Connection, desk: Desk) -> list[Down]:
    """Handle rows as one batch inside the caller's transaction; returns what the service says to them.

    Every answer counts as published. RuntimeError when a row was rejected or an answer cannot be read.
    """
    batch = [
        Delivery(
            topic=topics.name_for_kind("sim", message.head.machine, message.head.kind),
            payload=codec.encode(message),
            received_ms=message.head.wall_ms,
        )
        for message in messages
    ]
    outcome = handle(batch, connection, desk)
    wire.mark_published(connection, [one.id for one in outcome.outgoing], batch[0].received_ms)
    answers = [codec.decode_down(one.topic, one.payload) for one in outcome.outgoing]
    unread = [answer for answer in answers if isinstance(answer, codec.Undecodable)]
    if unread or outcome.rejected:
        raise RuntimeError(f"history was refused: {unread[:1]}, {outcome.rejected} rejected")
    return [answer for answer in answers if not isinstance(answer, codec.Undecodable)]
