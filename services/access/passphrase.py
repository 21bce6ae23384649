"""Which passphrases staff may choose: long ones, and none that everybody thinks of."""

import tomllib
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path

LEAST = 15  # characters: where NIST SP 800-63B-4 draws the line for a passphrase that is not written down
MOST = 128  # characters: more is no safer, and is hashed at our cost
OWN_PARTS_LEAST = 4  # characters of a passphrase that are the chooser's own
RUN_LEAST = 3  # characters in the order of a keyboard or an alphabet count as one
YEARS = range(1930, 2041)  # of birth, and of now
UNMASKED = str.maketrans("01345@$!7", "oieasasit")  # p4$$w0rd
COMMON_FILE = Path(__file__).parent / "common.toml"


def fault(passphrase: str, names: tuple[str, ...] = ()) -> str | None:
    """Say in a sentence what is wrong with a passphrase, or None; `names` are those of the account."""
    if not LEAST <= len(passphrase) <= MOST:
        return f"A passphrase has {LEAST} to {MOST} characters; a few words that are not a saying do well."
    if not passphrase.isprintable():
        return "A passphrase has printable characters only."
    known = _common() | {part for name in names for part in _plain(name).split() if len(part) >= RUN_LEAST}
    unmasked = passphrase.translate(UNMASKED)
    if min(_left_over(_plain(one), known) for one in (passphrase, unmasked)) < OWN_PARTS_LEAST:
        return "This passphrase is made of what everybody tries first: choose another."
    return None


@cache
def _common() -> AbstractSet[str]:
    """Read the words, runs and sayings that guessers begin with; none of them adds to a passphrase."""
    with COMMON_FILE.open("rb") as file:
        words = [_plain(word) for listed in tomllib.load(file).values() for word in listed]
    return frozenset([*words, *map(str, YEARS)])


def _plain(text: str) -> str:
    """Lower the case, and leave letters, figures and the gaps between them."""
    return "".join(one if one.isalnum() else " " for one in text.lower())


def _left_over(plain: str, known: AbstractSet[str]) -> int:
    """Count the different characters that are neither a known word nor a run nor a repetition."""
    longest = max(map(len, known))
    place, own = 0, []
    while place < len(plain):
        length = _known_at(plain, place, known, longest) or _run_at(plain, place)
        if not length:
            own.append(plain[place])
        place += length or 1
    return len(set(own) - {" "})


def _known_at(plain: str, place: int, known: AbstractSet[str], longest: int) -> int:
    for length in range(min(longest, len(plain) - place), RUN_LEAST - 1, -1):
        if plain[place : place + length] in known:
            return length
    return 0


def _run_at(plain: str, place: int) -> int:
    """Measure a run that goes up, down or stands still, from this place on."""
    steps = {
        ord(after) - ord(before) for before, after in zip(plain[place:], plain[place + 1 :], strict=False)
    }
    return max((_steady(plain, place, step) for step in steps & {-1, 0, 1}), default=0)


def _steady(plain: str, place: int, step: int) -> int:
    end = place + 1
    while end < len(plain) and ord(plain[end]) - ord(plain[end - 1]) == step:
        end += 1
    return end - place if end - place >= RUN_LEAST else 0
