"""``python -m memrob.studies.keep TABLE...``: put tables of the scale paper into the archive."""

import argparse
import sys
from pathlib import Path

from memrob.errors import UserError
from memrob.studies.archive import ARCHIVE, keep


def main() -> int:
    """Put the named tables into the archive, and print where each is."""
    parser = argparse.ArgumentParser(
        prog="memrob.studies.keep", description="Put tables of the scale paper into the archive."
    )
    parser.add_argument("tables", nargs="+", type=Path, help="results/STUDY/EXPERIMENT.csv")
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help=f"its folder ({ARCHIVE})")
    arguments = parser.parse_args()
    try:
        for table in arguments.tables:
            print(keep(table, arguments.archive))
    except UserError as error:
        print(f"{parser.prog}: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
