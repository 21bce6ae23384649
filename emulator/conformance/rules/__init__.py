"""Every rule of the kit, in the order of the protocol page; a registry of values."""

from emulator.conformance.rule import Rule
from emulator.conformance.rules import (
    commands,
    connecting,
    delivery,
    heads,
    holds,
    link,
    opening,
    receipts,
    signing_in,
    training,
    values,
)

RULES: tuple[Rule, ...] = (
    *connecting.RULES,
    *heads.RULES,
    *values.RULES,
    *signing_in.RULES,
    *training.RULES,
    *receipts.RULES,
    *commands.RULES,
    *holds.RULES,
    *opening.RULES,
    *delivery.RULES,
    *link.RULES,
)
