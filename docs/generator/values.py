"""What a JSON schema allows as a value, in words."""

from collections.abc import Callable
from typing import Any

from docs.generator.markdown import code, plain

NAMES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "object": "mapping",
    "array": "list",
}
LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
}
ABOUT_KEYS = {"properties", "additionalProperties", "required", "dependentRequired", "if", "then"}
ABOUT_ALL = {"description", "$ref", "$defs", "$schema"}
# What a pattern allows of a value, or of names of keys, is said in the description of the key.
KNOWN = {"type", "enum", "const", "anyOf", "items", "minItems", "uniqueItems", *LIMITS}
KNOWN |= {"pattern", "propertyNames"}
Resolve = Callable[[dict], dict]


def resolver(schema: dict) -> Resolve:
    """Return a function that puts what `$ref` names in its place, one level deep."""

    def resolve(part: dict) -> dict:
        if "$ref" not in part:
            return part
        target: Any = schema
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        own = {key: value for key, value in part.items() if key != "$ref"}
        return resolve(target) | own

    return resolve


def allowed(part: dict, resolve: Resolve) -> str:
    """Say in Markdown what values a part of a schema allows.

    Parameters
    ----------
    part : dict
        A schema.
    resolve : callable
        Of `resolver`.

    Raises
    ------
    ValueError
        If it has a keyword that this function does not put into words.
    """
    part = resolve(part)
    if unknown := set(part) - KNOWN - ABOUT_KEYS - ABOUT_ALL:
        raise ValueError(f"keyword {', '.join(sorted(unknown))} has no words yet")
    if "enum" in part:
        values = [code(value) for value in part["enum"]]
        return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
    if "const" in part:
        return code(part["const"])
    if "anyOf" in part:
        return ", or ".join(_alternative(each, resolve) for each in part["anyOf"])
    if part.get("type") == "array":
        return _list(part, resolve)
    if part.get("type") == "object" or "properties" in part:
        return _mapping(part, resolve)
    types = part.get("type", [])
    names = [NAMES[each] for each in ([types] if isinstance(types, str) else types)]
    limits = [words.format(plain(str(part[key]))) for key, words in LIMITS.items() if key in part]
    return ", ".join([" or ".join(names) or "anything", *limits])


def _list(part: dict, resolve: Resolve) -> str:
    items = allowed(part["items"], resolve)
    least = part.get("minItems", 0)
    extent = f" of {least} or more" if least else ""
    distinct = ", all different" if part.get("uniqueItems") else ""
    return f"list{extent}{distinct}; each {items}"


def _alternative(part: dict, resolve: Resolve) -> str:
    """Allowed values with those of a mapping's keys, which have no table of their own."""
    keys = resolve(part).get("properties", {})
    if not keys:
        return allowed(part, resolve)
    return f"mapping with {', '.join(_key(k, resolve(v), resolve) for k, v in keys.items())}"


def _key(name: str, part: dict, resolve: Resolve) -> str:
    about = f"{plain(part['description'])} " if "description" in part else ""
    return f"{code(name)} ({about}{allowed(part, resolve)})"


def _mapping(part: dict, resolve: Resolve) -> str:
    if "properties" in part:
        return f"mapping with the keys {', '.join(code(key) for key in part['properties'])}"
    others = part.get("additionalProperties")
    return f"mapping; each {allowed(others, resolve)}" if isinstance(others, dict) else "mapping"
