"""Charger models that chargers are made from: built-in ones, and users' own in YAML files.

``TemplateCatalogue`` has them by id; ``read_catalogue(directory)`` reads the built-in ones and
those of a directory. ``TemplateFault`` says what is wrong with a file.
"""

from .catalogue import TemplateCatalogue, UnknownTemplate, read_catalogue
from .charger_template import (
    ChargerTemplate,
    TemplateConnector,
    TemplateContent,
    TemplateMeter,
    creation_fields,
)
from .errors import TemplateFault

__all__ = [
    "ChargerTemplate",
    "TemplateCatalogue",
    "TemplateConnector",
    "TemplateContent",
    "TemplateFault",
    "TemplateMeter",
    "UnknownTemplate",
    "creation_fields",
    "read_catalogue",
]
