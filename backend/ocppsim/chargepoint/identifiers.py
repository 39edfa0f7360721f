"""The distinct identifier types that a charge point deals with."""

from typing import NewType

ConnectorId = NewType("ConnectorId", int)
"""An OCPP connector: 1..N without gaps; 0 is the charge point as a whole (1.6 ed.2 §3.8)."""

LocalTransactionId = NewType("LocalTransactionId", int)
"""Ours: unique per charge point, rising, given before the CSMS has answered."""

TransactionId = NewType("TransactionId", int)
"""What the CSMS assigned in StartTransaction.conf; any integer is legal (errata 3.54)."""
