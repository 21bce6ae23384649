"""One way to write a value as bytes, and keyed digests of it that cannot be taken for one another."""

import hashlib
import hmac
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Write a value as JSON with sorted keys and no spaces; ValueError for a float that is no number."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(key: bytes, purpose: str, value: Any) -> str:
    """HMAC-SHA256 (hex) of a value for one purpose; for another purpose the digest is another one."""
    return hmac.new(
        key, f"openspine/audit/{purpose}/v1\n".encode() + canonical(value), hashlib.sha256
    ).hexdigest()
