"""Values that fit a JSON schema as our OpenAPI document writes them, mostly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def values(schema: Any, schemas: dict[str, Any]) -> st.SearchStrategy[Any]:
    """``schemas`` are the components that references name (they do not go round in circles)."""
    if not isinstance(schema, dict):
        return ANYTHING
    if "$ref" in schema:
        return values(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if "anyOf" in schema:
        return st.one_of([values(each, schemas) for each in schema["anyOf"]])
    make = _OF_TYPE.get(schema.get("type", ""))
    return ANYTHING if make is None else make(schema, schemas)


def _objects(schema: dict[str, Any], schemas: dict[str, Any]) -> st.SearchStrategy[Any]:
    properties = {
        name: values(each, schemas) for name, each in schema.get("properties", {}).items()
    }
    required = {name: properties[name] for name in schema.get("required", []) if name in properties}
    optional = {name: each for name, each in properties.items() if name not in required}
    known = st.fixed_dictionaries(required, optional=optional)
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        keys = st.sampled_from(["HeartbeatInterval", "NumberOfConnectors"]) | TEXTS
        return st.dictionaries(keys, values(more, schemas), max_size=3)
    return known


def _arrays(schema: dict[str, Any], schemas: dict[str, Any]) -> st.SearchStrategy[Any]:
    least = schema.get("minItems", 0)
    return st.lists(values(schema.get("items"), schemas), min_size=least, max_size=least + 3)


def _texts(schema: dict[str, Any], _: dict[str, Any]) -> st.SearchStrategy[Any]:
    length = min(schema.get("maxLength", 60), 60)
    least = schema.get("minLength", 0)
    plain = st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=length)
    odd = st.text(st.characters(codec=None), min_size=least, max_size=length)
    telling = st.sampled_from(
        ["1.6", "CP1", "T", "5", "true", "ws://x/y", "wss://[::1]:9/z", "ws://a.b:1/?q=%zz", ""]
    )
    return plain | odd | telling


def _integers(schema: dict[str, Any], _: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.integers(_bound(schema, "minimum"), _bound(schema, "maximum"))


def _numbers(schema: dict[str, Any], _: dict[str, Any]) -> st.SearchStrategy[Any]:
    least, most = _bound(schema, "minimum"), _bound(schema, "maximum")
    return st.floats(least, most, allow_nan=False)


def _bound(schema: dict[str, Any], name: str) -> Any:
    value = schema.get(name)
    return int(value) if value is not None and schema["type"] == "integer" else value


_OF_TYPE: dict[str, Callable[[dict[str, Any], dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _texts,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda _, __: st.booleans(),
    "null": lambda _, __: st.none(),
}
