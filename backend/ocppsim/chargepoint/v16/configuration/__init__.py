"""Configuration keys: one definition table and the store that obeys it."""
