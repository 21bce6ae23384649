"""Types that are read, each worked out by one thread before others use it.

msgspec works a type out when it is first read. Threads that begin with it together find it half done, and
the process ends with SIGSEGV (msgspec 0.22, `tests/contract/test_first_reading.py`). So what reads bytes is a
`Decoder` at the top of a module that is loaded before there are threads; what turns values that are parsed
already, or learns of its type later, is a converter. `tests/architecture/test_readers.py` holds all to it.
"""

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import msgspec

_Read = TypeVar("_Read")
_one_by_one = Lock()
_worked_out: set[Any] = set()


def converter(kind: type[_Read], *, strict: bool = True) -> Callable[[Any], _Read]:
    """Make what turns plain values (a row's JSON) into this type; it raises `msgspec.ValidationError`."""
    with _one_by_one:
        if kind not in _worked_out:
            msgspec.json.Decoder(kind)  # making one works out the type and all types in it; it is not needed
            _worked_out.add(kind)
    return partial(msgspec.convert, type=kind, strict=strict)
