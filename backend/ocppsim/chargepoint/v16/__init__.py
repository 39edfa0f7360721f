"""A charge point that speaks OCPP 1.6: the controller behind ``chargepoint.controller``."""
