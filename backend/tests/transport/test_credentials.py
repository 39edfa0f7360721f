from __future__ import annotations

import base64

import pytest

from ocppsim.transport.credentials import basic_authorization, password_bytes


@pytest.mark.obligation("SEC-06")
def test_an_authorization_key_of_40_hex_digits_is_20_bytes() -> None:
    # The example of OCPP-J 1.6 §6.2.2.
    header = basic_authorization("AL1000", "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    assert header == "Basic QUwxMDAwOgABAgMEBQYH////////////////"


@pytest.mark.parametrize("digits", [32, 34, 36, 38, 40])
def test_16_to_20_bytes_in_hex_are_decoded(digits: int) -> None:
    assert password_bytes("aB" * (digits // 2)) == b"\xab" * (digits // 2)


@pytest.mark.parametrize("text", ["secret", "pässword", "ab" * 15, "ab" * 21, "g" * 40, "a" * 33])
def test_anything_else_stands_for_itself(text: str) -> None:
    assert password_bytes(text) == text.encode()


def test_a_literal_password_is_never_decoded() -> None:
    assert password_bytes("ab" * 20, literal=True) == b"ab" * 20


def test_the_identity_is_sent_as_it_stands() -> None:
    token = basic_authorization("RDAM 123", "x").removeprefix("Basic ")
    assert base64.b64decode(token) == b"RDAM 123:x"
