"""WebSocket, TLS, back-off and network impairment; carries text, not meaning."""
