"""YAML as people mean it: no value that silently becomes another."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import Any

import yaml

_ANCHOR = re.compile(r"&\S+\s+")
_NULL = "tag:yaml.org,2002:null"
_MOST_VALUES = 2_000_000
_TRUE_OR_FALSE = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})


class NotYaml(Exception):
    """The text cannot be read; ``place`` is its line and column, where there is one."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: {reason}" if place else reason)


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML where ``on``, ``off``, ``yes`` and ``no`` are words, as in YAML 1.2.

    So are ``18:15``, which YAML 1.1 takes for 1095, and dates. A key that stands twice in a
    mapping is an error.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        self.flatten_mapping(node)
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{key.value} stands twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_word_or_boolean(self, node: yaml.ScalarNode) -> bool | str:
        value = self.construct_scalar(node)
        return value.lower() == "true" if value in _TRUE_OR_FALSE else value

    def construct_time_or_int(self, node: yaml.ScalarNode) -> int | str:
        value = str(self.construct_scalar(node))
        return value if ":" in value else self.construct_yaml_int(node)

    def construct_time_or_float(self, node: yaml.ScalarNode) -> float | str:
        value = str(self.construct_scalar(node))
        return value if ":" in value else self.construct_yaml_float(node)

    def construct_date(self, node: yaml.ScalarNode) -> str:
        return str(self.construct_scalar(node))


_PlainLoader.add_constructor("tag:yaml.org,2002:bool", _PlainLoader.construct_word_or_boolean)
_PlainLoader.add_constructor("tag:yaml.org,2002:int", _PlainLoader.construct_time_or_int)
_PlainLoader.add_constructor("tag:yaml.org,2002:float", _PlainLoader.construct_time_or_float)
_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _PlainLoader.construct_date)


def read_yaml(text: str) -> object:
    """The one document of the text, as mappings, lists and plain values.

    Raises ``NotYaml`` with the line and column, and the reason.
    """
    try:
        if "&" in text:
            _refuse_explosion(_PlainLoader(text).get_single_node())
        return yaml.load(text, _PlainLoader)  # a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
        raise NotYaml(place, error.problem or "is not YAML") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A date that there is not, a character that YAML does not have, brackets without end
        raise NotYaml("", " ".join(str(error).split()) or "is not YAML") from error


def _refuse_explosion(node: yaml.Node | None) -> None:
    """A few lines of aliases of aliases may stand for more values than any memory holds."""
    values: dict[int, int | None] = {}

    def values_in(one: yaml.Node) -> int:
        if id(one) not in values:
            values[id(one)] = None
            parts: list[yaml.Node] = []
            if isinstance(one, yaml.SequenceNode):
                parts = one.value
            elif isinstance(one, yaml.MappingNode):
                parts = [part for entry in one.value for part in entry]
            values[id(one)] = 1 + sum(map(values_in, parts))
        found = values[id(one)]
        if found is None:
            raise yaml.MarkedYAMLError(
                problem="it stands within itself", problem_mark=one.start_mark
            )
        return found

    if node is not None and values_in(node) > _MOST_VALUES:
        reason = f"with its aliases it has more than {_MOST_VALUES:,} values"
        raise yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)


def line_in_yaml(text: str, keys: Sequence[str | int]) -> int:
    """The line, from 1 on, of the value that the keys lead to, of a text that can be read.

    Where a key is not there, it is the line of what should have it.
    """
    node: yaml.Node | None = _PlainLoader(text).get_single_node()
    line = 1
    for key in keys:
        found = _within(node, key)
        if found is None:
            break
        mark, node = found
        line = mark.line + 1
    return line


def masked_yaml(text: str, names: Collection[str], mask: str) -> str:
    """The text with the mask for every value of a key with one of the names.

    So too for the ``value`` of a mapping whose ``key`` is one of them. Comments stay as they are.
    Raises ``NotYaml``.
    """
    try:
        node = _PlainLoader(text).get_single_node()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml("", " ".join(str(error).split())) from error
    spans = {
        (value.start_mark.index, value.end_mark.index) for value in _secret_values(node, names)
    }
    for begin, end in sorted(spans, reverse=True):
        anchor = _ANCHOR.match(text, begin, end)
        given = text[begin:end]
        ending = given[len(given.rstrip()) :]  # of a text over several lines
        text = text[:begin] + (anchor[0] if anchor else "") + f'"{mask}"' + ending + text[end:]
    return text


def _secret_values(node: yaml.Node | None, names: Collection[str]) -> Iterator[yaml.Node]:
    seen: set[int] = set()
    left = [node]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.SequenceNode):
            left.extend(one.value)
        elif isinstance(one, yaml.MappingNode):
            entries = [(_scalar(key), value) for key, value in one.value]
            of_key = any(name == "key" and _scalar(value) in names for name, value in entries)
            for name, value in entries:
                is_secret = name in names or (of_key and name == "value")
                if is_secret and value.tag != _NULL:
                    yield value
                left.append(value)


def _scalar(node: yaml.Node) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _within(node: yaml.Node | None, key: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    """Where an entry of a mapping or list begins, and its value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark, node.value[key]
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == str(key):
                return name.start_mark, value
    return None


__all__ = ["NotYaml", "line_in_yaml", "masked_yaml", "read_yaml"]
