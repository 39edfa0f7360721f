"""The controller: a charge point without I/O; ``v16`` speaks OCPP 1.6."""
