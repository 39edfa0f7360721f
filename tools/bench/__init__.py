"""Benchmarks of the whole product against the thinnest loop that speaks the same protocol.

``python -m bench`` (``make bench``) runs them; ``docs/performance.md`` says what they mean.
"""
