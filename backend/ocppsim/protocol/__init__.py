"""OCPP-J as values and rules, without I/O: frames and RPC; ``v16`` holds the messages of 1.6."""
