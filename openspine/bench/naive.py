"""The obvious service: FastAPI, aiomqtt and an ORM, one commit for each message, no feature.

Run as a process of its own: `python -m openspine.bench.naive PORT DATABASE_URL HTTP_PORT`. TCP_NODELAY
is set: without it the client alone makes every answer wait 40 ms.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiomqtt
import uvicorn
from fastapi import FastAPI
from sqlalchemy import BigInteger, Engine, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from contract import codec, topics
from contract.messages import Message
from openspine.bench.raw import answer
from openspine.children import LOOPBACK


class Base(DeclarativeBase):
    """Of the one table."""


class Received(Base):
    """One message as it came."""

    __tablename__ = "received"

    id: Mapped[int] = mapped_column(primary_key=True)
    machine: Mapped[str]
    stream: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    body: Mapped[str]


def store(engine: Engine, message: Message, payload: bytes) -> None:
    """Store one message in a transaction of its own."""
    head = message.head
    with Session(engine) as session:
        session.add(
            Received(
                machine=head.machine,
                stream=head.stream,
                seq=head.seq,
                kind=head.kind,
                body=payload.decode(),
            )
        )
        session.commit()


async def listen(port: int, engine: Engine, ready: Callable[[], None]) -> None:
    """Take one message after the other: store it, answer it."""
    async with aiomqtt.Client(
        LOOPBACK,
        port,
        identifier="svc-naive",
        protocol=aiomqtt.ProtocolVersion.V5,
        socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
    ) as client:
        await client.subscribe("openspine-sim/v1/+/up/#", qos=1)
        ready()
        async for one in client.messages:
            payload = one.payload if isinstance(one.payload, bytes) else b""
            message = codec.decode_up(str(one.topic), payload)
            if isinstance(message, Message):
                store(engine, message, payload)
                channel, reply = answer(message)
                await client.publish(topics.name("sim", message.head.machine, channel), reply, qos=1)


def application(port: int, url: str) -> FastAPI:
    """Listen to the broker beside the routes, of which there is one."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        subscribed = asyncio.Event()
        listening = asyncio.create_task(listen(port, engine, subscribed.set))
        await subscribed.wait()
        yield
        listening.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.get("/readyz")
    def count() -> int:
        with Session(engine) as session:
            return session.scalar(select(func.count()).select_from(Received)) or 0

    return app


if __name__ == "__main__":
    app = application(int(sys.argv[1]), sys.argv[2])
    uvicorn.run(app, host=LOOPBACK, port=int(sys.argv[3]), log_level="warning")
