"""YAML as text: what must not be shown of it, and what must not be made of it."""

from __future__ import annotations

import pytest

from ocppsim.templates.yaml_document import NotYaml, masked_yaml, read_yaml

NAMES = frozenset({"password", "AuthorizationKey"})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a: 1 # one\npassword: secret # two\n", 'a: 1 # one\npassword: "***" # two\n'),
        ("{password: 'it''s', b: [1]}", '{password: "***", b: [1]}'),
        ('deep: [{"password": "x\\ny"}]\n', 'deep: [{"password": "***"}]\n'),
        ("password: |\n  line\n  line\nb: 1\n", 'password: "***"\nb: 1\n'),
        ("password: >-\n  line\n  line\n\n# and\nb: 1\n", 'password: "***"\n\n# and\nb: 1\n'),
        ("password: two\n  lines\nb: 1", 'password: "***"\nb: 1'),
        ("password: &p secret\nb: {password: *p}\n", 'password: &p "***"\nb: {password: *p}\n'),
        ("b: &p secret\npassword: *p\n", 'b: &p "***"\npassword: *p\n'),
        ("a: {key: AuthorizationKey, value: s}", 'a: {key: AuthorizationKey, value: "***"}'),
        ("a: {value: s, key: AuthorizationKey}", 'a: {value: "***", key: AuthorizationKey}'),
        ("a: {key: Other, value: s}", "a: {key: Other, value: s}"),
        (
            "\ufeffpassword: s\r\nb: ü\r\npassword2: s\r\n",
            '\ufeffpassword: "***"\r\nb: ü\r\npassword2: s\r\n',
        ),
        ("password:\nb: {password: ~}\n", "password:\nb: {password: ~}\n"),
        ("", ""),
    ],
)
def test_secrets_are_masked_and_all_else_stays(text: str, masked: str) -> None:
    assert masked_yaml(text, NAMES, "***") == masked
    read_yaml(masked)


def test_what_is_not_yaml_cannot_be_masked() -> None:
    with pytest.raises(NotYaml):
        masked_yaml("{", NAMES, "***")


def test_aliases_cannot_come_to_more_than_memory_holds() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(NotYaml, match="with its aliases it has more than 2,000,000 values"):
        read_yaml("\n".join(lines))


def test_an_alias_within_itself_is_refused() -> None:
    with pytest.raises(NotYaml, match="line 1, column 4: it stands within itself"):
        read_yaml("a: &a [*a]")


def test_aliases_that_come_to_little_are_welcome() -> None:
    assert read_yaml("a: &a [1, 2]\nb: *a\nc: {<<: &m {d: 3}, e: *m}\n") == {
        "a": [1, 2],
        "b": [1, 2],
        "c": {"d": 3, "e": {"d": 3}},
    }
