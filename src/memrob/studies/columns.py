"""What the columns of tables mean, as a Table Schema of frictionless data."""

from functools import cache
from importlib.resources import files

import pandas as pd
import yaml


@cache
def columns_of(study: str) -> dict[str, dict]:
    """Columns of the tables of a study: name -> type, description and perhaps a unit and a title.

    A name that ends in ``*`` stands for all that begin as it does and end in a number. The study's
    ``columns.yaml`` has what is its own, and under ``common`` names of what several studies have.
    """
    folder = files("memrob.studies")
    path = folder / study / "columns.yaml"
    if not path.is_file():
        return {}
    common = yaml.safe_load((folder / "columns.yaml").read_text("utf-8"))
    own = yaml.safe_load(path.read_text("utf-8"))
    return {name: common[name] for name in own.pop("common", ())} | own


def table_schema(table: pd.DataFrame, study: str) -> dict:
    """Describe the columns of a table.

    Parameters
    ----------
    table : DataFrame
        Of the study.
    study : str
        Its name.

    Returns
    -------
    dict
        A Table Schema (https://specs.frictionlessdata.io/table-schema); a column that the study
        does not describe has its name alone.
    """
    return {"fields": [{"name": name, **described(name, columns_of(study))} for name in table]}


def described(name: str, known: dict[str, dict]) -> dict:
    """What is known of a column, by its name or that of its family; empty for an unknown one."""
    if name in known:
        return known[name]
    start, _, number = name.rpartition("_")
    family = known.get(f"{start}_*") if number.isdigit() else None
    if family is None:
        return {}
    return family | {"description": family["description"].replace("*", number)}
