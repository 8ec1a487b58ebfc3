"""Columns of the tables of a run that no columns.yaml describes; status 1 if there are any."""

import json
import sys
from pathlib import Path

import pandas as pd

from memrob.gallery.tables import compared_columns
from memrob.studies.columns import described


def undescribed(results: Path) -> list[str]:
    found = []
    for record in sorted(results.glob("*/*.json")):
        schema = json.loads(record.read_text())["schema"]
        names = [field["name"] for field in schema["fields"] if "description" not in field]
        assert [f["name"] for f in schema["fields"]] == list(
            pd.read_csv(record.with_suffix(".csv"), nrows=0)
        )
        found += [f"{record}: {name}" for name in names]
    for name, columns in compared_columns().items():
        found += [
            f"{results / name}: {column}"
            for column in pd.read_csv(results / name, nrows=0)
            if not described(column, columns)
        ]
    return found


if __name__ == "__main__":
    lacking = undescribed(Path(sys.argv[1]))
    print("\n".join(lacking), end="\n" if lacking else "")
    sys.exit(bool(lacking))
