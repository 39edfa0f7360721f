"""The templates that there are: those of the program, and those of a directory of the user's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from .charger_template import ChargerTemplate, TemplateContent
from .errors import TemplateFault
from .fault_words import Key, of_check, of_content, place_of
from .yaml_document import NotYaml, line_in_yaml, read_yaml

BUILT_IN_DIRECTORY = Path(__file__).resolve().parent / "chargers"
_SUFFIXES = frozenset({".yaml", ".yml"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAX_FILE_BYTES = 1_000_000

Check = Callable[[ChargerTemplate], None]
"""Raises ``ValueError`` with the reason for a template that no charger can be made from."""


class UnknownTemplate(Exception):
    """There is no template with this id; the message names those that are meant, or all."""


class TemplateCatalogue:
    """Templates by id. Of two with the same id the later one counts."""

    def __init__(self, templates: Iterable[ChargerTemplate]) -> None:
        self._by_id = {template.id: template for template in templates}

    def __iter__(self) -> Iterator[ChargerTemplate]:
        """AC before DC, few connectors before many, little power before much."""
        return iter(sorted(self._by_id.values(), key=_place_in_list))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, template_id: str) -> ChargerTemplate:
        """Raises ``UnknownTemplate``."""
        template = self._by_id.get(template_id)
        if template is None:
            known = [template.id for template in self]
            close = difflib.get_close_matches(template_id, known, n=3, cutoff=0.5)
            hint = f"close to it are {', '.join(close)}" if close else f"known: {', '.join(known)}"
            raise UnknownTemplate(f"there is no charger template {template_id!r}; {hint}")
        return template


def read_catalogue(directory: Path | None = None, check: Check | None = None) -> TemplateCatalogue:
    """The built-in templates and those of ``directory``, which may replace built-in ones.

    ``check`` judges the user's own. Raises ``TemplateFault`` for the first file that cannot be
    used.
    """
    own = {} if directory is None else _read_directory(directory, built_in=False)
    for file, template in own.items():
        if check is None:
            continue
        try:
            check(template)
        except ValueError as error:
            text = file.read_text(encoding="utf-8-sig")
            raise _fault(file, text, *of_check(str(error), read_yaml(text))) from error
    return TemplateCatalogue((*_built_in(), *own.values()))


@lru_cache(maxsize=1)
def _built_in() -> tuple[ChargerTemplate, ...]:
    return tuple(_read_directory(BUILT_IN_DIRECTORY, built_in=True).values())


def _read_directory(directory: Path, *, built_in: bool) -> dict[Path, ChargerTemplate]:
    try:
        files = sorted(
            file
            for file in directory.iterdir()
            if file.suffix in _SUFFIXES and not file.name.startswith(".")
        )
    except OSError as error:
        raise TemplateFault(directory, "", error.strerror or "cannot be read") from error
    templates: dict[Path, ChargerTemplate] = {}
    ids: set[str] = set()
    for file in files:
        if file.stem in ids:
            raise TemplateFault(file, "", f"another file has the id {file.stem} already")
        ids.add(file.stem)
        templates[file] = _read_file(file, built_in=built_in)
    return templates


def _read_file(file: Path, *, built_in: bool) -> ChargerTemplate:
    """The template of a file; its id is the name of the file without the ending."""
    if not _ID.fullmatch(file.stem):
        raise TemplateFault(
            file,
            "",
            "the file's name is the id: letters, digits, '.', '_' and '-', 64 at most",
        )
    try:
        content = file.read_bytes()
        if len(content) > _MAX_FILE_BYTES:
            raise TemplateFault(file, "", "the file is larger than 1 MB")
        text = content.decode("utf-8-sig")
        document = read_yaml(text)
    except OSError as error:
        raise TemplateFault(file, "", error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise TemplateFault(file, "", "the file is not UTF-8 text") from error
    except NotYaml as error:
        raise TemplateFault(file, error.place, error.reason) from error
    try:
        return ChargerTemplate(file.stem, built_in, msgspec.convert(document, TemplateContent))
    except msgspec.ValidationError as error:
        raise _fault(file, text, *of_content(str(error), document)) from error


def _fault(file: Path, text: str, keys: Sequence[Key], reason: str) -> TemplateFault:
    place = f"line {line_in_yaml(text, keys)}: {place_of(keys)}" if keys else ""
    return TemplateFault(file, place, reason)


def _place_in_list(template: ChargerTemplate) -> tuple[bool, int, float, str]:
    connectors = template.content.connectors
    has_dc = any(connector.power_type == "DC" for connector in connectors)
    power_w = sum(connector.max_power_w for connector in connectors)
    return has_dc, len(connectors), power_w, template.id


__all__ = ["Check", "TemplateCatalogue", "UnknownTemplate", "read_catalogue"]
