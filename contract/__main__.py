"""`python -m contract docs/protocol` writes the published schemas anew."""

import sys
from pathlib import Path

from contract import schemas

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/protocol")
    sys.stderr.write(f"{schemas.write(folder)} files written to {folder}\n")
