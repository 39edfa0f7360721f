"""OCPP Charger Simulator: one or ten thousand OCPP 1.6J charge points.

The package is layered; ``docs/architecture.md`` says who may import whom.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
