"""The asyncio shell: it owns clocks, timers and links, and carries effects out."""
