"""What the conformance kit wrote to a file, made ready to be handed in."""

import json
from collections.abc import Iterator
from typing import Any

ABOUT = ("machine", "origin", "level", "kit", "protocol", "firmware", "tested_at", "problem")
OF_RULE = ("id", "level", "section", "does", "sees", "result", "note", "evidence")
EVIDENCE_MOST = 28_000  # characters: a body has 64 kB, the rules without evidence take half of it
PIECE_MOST, PIECES_MOST = 600, 8  # what the service takes of one rule


def read_report(content: bytes) -> dict[str, Any] | None:
    """Read a report as the service takes it; None when it is none. Evidence that does not fit is counted."""
    try:
        written = json.loads(content)
        body = {name: written[name] for name in ABOUT}
        rules = [{name: rule[name] for name in OF_RULE} for rule in written["rules"]]
    except (ValueError, KeyError, TypeError, RecursionError):  # the last: brackets in brackets
        return None
    return body | {"rules": rules, "left_out": _fit(rules)}


def _fit(rules: list[dict[str, Any]]) -> int:
    """Keep what evidence fits, that of broken rules first; return how many pieces are left out."""
    room, left_out = EVIDENCE_MOST, 0
    for rule in sorted(rules, key=lambda one: one["result"] != "fail"):
        kept: list[str] = []
        for piece in _pieces(rule["evidence"]):
            size = len(json.dumps(piece))
            if size <= room and len(kept) < PIECES_MOST:
                kept.append(piece)
                room -= size
            else:
                left_out += 1
        rule["evidence"] = kept
    return left_out


def _pieces(evidence: Any) -> Iterator[str]:
    """Write each piece as screens may show it: without control characters, and not longer than is taken."""
    for piece in evidence if isinstance(evidence, list) else []:
        yield "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(piece))[
            :PIECE_MOST
        ]
