"""OCPP 1.6 edition 2 and its security extension: messages, datatypes, actions, codec."""
