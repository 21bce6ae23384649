"""Requests that may come again: what was answered first."""

from sqlalchemy import Column, Index, Table

from services.store.tables.columns import WORD, count, metadata, ms, sealed, word

# A row is written in the transaction of what was done; `status` and `answer` follow with the answer.
first_answer = Table(
    "first_answer",
    metadata,
    Column("actor", WORD, primary_key=True),
    Column("key", WORD, primary_key=True),
    word("request_hash"),
    count("status", nullable=True),
    sealed("answer", nullable=True),
    ms("made_ms"),
    Index(None, "made_ms"),
)
