"""What the columns of all tables mean."""

from docs.generator.markdown import code, plain, table
from memrob.gallery.tables import compared_columns
from memrob.studies.columns import columns_of
from memrob.studies.registry import PARTS


def page() -> str:
    """The page: a section for each study, and one for each table of the comparison."""
    lines = [
        "# Columns",
        "",
        "What the columns of the tables in `results` mean. A table of trials has those of its "
        "study that its experiment measures; the record beside it, `EXPERIMENT.json`, "
        "describes them under `schema`, as a "
        "[Table Schema](https://specs.frictionlessdata.io/table-schema).",
        "",
    ]
    for study in PARTS:
        lines += [f"## results/{study}/*.csv", "", _table(columns_of(study))]
    for name, columns in compared_columns().items():
        lines += [f"## results/{name}", "", _table(columns)]
    return "\n".join(lines)


def _table(columns: dict[str, dict]) -> str:
    rows = [
        (code(name), about["type"], about.get("unit", ""), plain(about["description"]))
        for name, about in columns.items()
    ]
    return table(("column", "type", "unit", "meaning"), rows)
