"""Which rules of the protocol a machine keeps."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contract.messages.vocabulary import MACHINE_PATTERN, PLAIN_TEXT
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Id

RULES_MOST = 300
EVIDENCE_MOST = 8  # pieces of one rule
SENTENCE_MOST, PIECE_MOST = 500, 600  # characters
Word = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN_TEXT)]
Sentence = Annotated[str, Field(max_length=SENTENCE_MOST, pattern=PLAIN_TEXT)]
Piece = Annotated[str, Field(max_length=PIECE_MOST, pattern=PLAIN_TEXT)]
Level = Annotated[Literal["basic", "full"], Field(examples=["full"])]
Kit = Annotated[Word, Field(description="version of the conformance kit", examples=["0.1.0"])]
Protocol = Annotated[Word, Field(description="version that the machine was held to", examples=["1.1"])]
Firmware = Annotated[str, Field(max_length=64, pattern=PLAIN_TEXT, examples=["1.4.2"])]
Problem = Annotated[
    Sentence | None, Field(description="why the run ended early", examples=["stopped by hand"])
]
LeftOut = Annotated[Count, Field(description="pieces of evidence that did not fit")]


class RuleFound(Shape):
    """One rule: what the kit does, what it must see, and what it found."""

    id: str = Field(pattern="^[A-Z]{2,12}-[0-9]{2,3}$", examples=["SET-18"])
    level: Level
    section: Word = Field(description="of the protocol page", examples=["accepting-a-setting"])
    does: Sentence = Field(examples=["sends a load above the signed limit"])
    sees: Sentence = Field(examples=["a receipt: refused, LOAD"])
    result: Literal["pass", "fail", "skip"] = Field(examples=["fail"])
    note: Sentence = Field(examples=["the receipt says applied"])
    evidence: list[Piece] = Field(
        max_length=EVIDENCE_MOST, examples=[['12.30 s machine up/event {"kind":"receipt"}']]
    )


class NewConformance(Shape):
    """What `./studio conformance --json` writes, handed in for the machine that it is about."""

    machine: str = Field(pattern=MACHINE_PATTERN, examples=["rotation-1"])
    origin: Literal["real", "sim"] = Field(examples=["real"])
    level: Level
    kit: Kit
    protocol: Protocol
    firmware: Firmware
    tested_at: AwareDatetime = Field(examples=["2026-11-21T06:30:00Z"])
    problem: Problem = None
    rules: list[RuleFound] = Field(min_length=1, max_length=RULES_MOST)
    left_out: LeftOut = 0


class KeptConformance(Shape):
    """The report that was kept."""

    id: Id


class Conformance(Shape):
    """One report of the conformance kit; in a list `rules` are the broken ones alone."""

    id: Id
    tested_at: At
    uploaded_at: At
    uploaded_by: str = Field(examples=["Lee Sau Wai"])
    level: Level
    kit: Kit
    protocol: Protocol
    firmware: Firmware
    passed: Count
    failed: Count
    skipped: Count
    problem: Problem
    left_out: LeftOut
    rules: list[RuleFound]
