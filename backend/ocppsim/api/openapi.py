"""``python -m ocppsim.api.openapi`` prints the OpenAPI document, without starting anything.

The web client's types are generated from it.
"""

from __future__ import annotations

import sys

from .application import create_api
from .document import describe, render

if __name__ == "__main__":
    sys.stdout.write(render(describe(create_api())))
