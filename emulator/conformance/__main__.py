"""`python -m emulator.conformance docs/conformance.md` writes the table of rules anew."""

import sys
from pathlib import Path

from emulator.conformance import page
from emulator.conformance.rules import RULES

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/conformance.md")
    page.write(target, RULES)
    sys.stderr.write(f"{len(RULES)} rules written to {target}\n")
