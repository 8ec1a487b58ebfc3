"""Checks of configuration files against their schemas, with errors of one line."""

import math
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import yaml

from memrob.errors import UserError

NAME = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_]+$",
    "description": "A name of letters, digits and underscores, which becomes that of a file.",
}


class _Loader(yaml.SafeLoader):
    """Takes no key twice: PyYAML keeps the last, and what stood under the first would be lost."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    problem = f"the key {key.value!r} stands there twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


@cache
def schema(name: str) -> dict:
    """JSON schema of the whole configuration ("config"), or of the experiments of a study."""
    folder = files("memrob.studies")
    path = folder / "config.yaml" if name == "config" else folder / name / "schema.yaml"
    found = yaml.safe_load(path.read_text())
    if name != "config":
        of_figure = found["properties"]["figures"]["additionalProperties"]
        common = yaml.safe_load((folder / "figure.yaml").read_text())
        of_figure["properties"] = common | of_figure["properties"]
        found["properties"]["figures"]["propertyNames"] = NAME
    return found


def read_yaml(path: Path) -> dict:
    """Read a YAML file that holds a mapping.

    Raises
    ------
    UserError
        If there is no such file, or it is not YAML, or not a mapping.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise UserError(f"{path}: {where}not valid YAML: {problem}") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds a {type(content).__name__}; a mapping of keys is needed")
    return content


def validate(content: dict, schema_name: str, source: str) -> None:
    """Check a mapping against a schema of the package.

    Parameters
    ----------
    content : dict
        What was read.
    schema_name : str
        "config", or a study.
    source : str
        The file that is named in an error.

    Raises
    ------
    UserError
        With the key at fault, what it holds and what is allowed.
    """
    try:
        _require_finite(content, source)
    except RecursionError:
        raise UserError(f"{source}: an anchor (&) stands for something that holds itself") from None
    validator = jsonschema.Draft202012Validator(schema(schema_name))
    error = jsonschema.exceptions.best_match(validator.iter_errors(content))
    if error is not None:
        key = ".".join(str(part) for part in error.absolute_path)
        raise UserError(f"{source}: {key + ': ' if key else ''}{_explain(error)}")


def _require_finite(content: object, source: str, key: str = "") -> None:
    if isinstance(content, float) and not math.isfinite(content):
        raise UserError(f"{source}: {key}: is {content}; it must be a finite number")
    parts = content.items() if isinstance(content, dict) else ()
    parts = enumerate(content) if isinstance(content, list) else parts
    for name, part in parts:
        _require_finite(part, source, f"{key}.{name}" if key else str(name))


def _explain(error: jsonschema.ValidationError) -> str:
    allowed, found = error.validator_value, error.instance
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = [key for key in found if key not in known]
        return f"unknown key {unknown[0]!r}; known keys: {', '.join(known)}"
    if error.validator == "enum":
        return f"is {found!r}; it must be one of {', '.join(map(str, allowed))}"
    if error.validator == "type":
        names = [allowed] if isinstance(allowed, str) else allowed
        return f"is {found!r}; it must be of type {' or '.join(names)}"
    if error.validator == "minimum":
        return f"is {found!r}; it must be at least {allowed}"
    if error.validator == "maximum":
        return f"is {found!r}; it must be at most {allowed}"
    if error.validator == "pattern":
        return f"is {found!r}; it must be: {error.schema.get('description', allowed)}"
    if error.validator == "anyOf":
        return f"is {found!r}; it must be: {error.schema.get('description', allowed)}"
    return error.message
