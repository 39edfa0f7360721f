from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picows.url import parse_url

from ocppsim.transport.url import InvalidUrl, target_url


@pytest.mark.obligation("FRM-02")
@pytest.mark.parametrize(
    ("endpoint", "identity", "expected"),
    [
        ("ws://csms.example/ocpp", "CP001", "ws://csms.example/ocpp/CP001"),
        ("ws://csms.example/ocpp/", "CP001", "ws://csms.example/ocpp/CP001"),
        ("ws://csms.example", "RDAM 123", "ws://csms.example/RDAM%20123"),
        ("wss://csms.example:8443/a/b", "RDAM|123", "wss://csms.example:8443/a/b/RDAM%7C123"),
        ("ws://csms.example/ocpp/CP001", "CP001", "ws://csms.example/ocpp/CP001"),
        ("ws://csms.example/ocpp/CP001/", "CP001", "ws://csms.example/ocpp/CP001"),
        ("ws://csms.example/ocpp/RDAM%20123", "RDAM 123", "ws://csms.example/ocpp/RDAM%20123"),
        ("ws://csms.example/xCP001", "CP001", "ws://csms.example/xCP001/CP001"),
        ("ws://csms.example/ocpp?token=1", "CP001", "ws://csms.example/ocpp/CP001?token=1"),
        ("ws://[::1]:9000/ocpp", "CP001", "ws://[::1]:9000/ocpp/CP001"),
    ],
)
def test_the_encoded_identity_is_one_more_segment_unless_it_is_there(
    endpoint: str, identity: str, expected: str
) -> None:
    assert target_url(endpoint, identity).url == expected


@pytest.mark.parametrize(
    "endpoint", ["http://csms.example", "csms.example", "ws://", "ws://h:notaport/", ""]
)
def test_what_cannot_be_connected_to_is_refused_with_a_reason(endpoint: str) -> None:
    with pytest.raises(InvalidUrl, match="URL: "):
        target_url(endpoint, "CP001")


def test_user_and_password_do_not_stay_in_the_url() -> None:
    target = target_url("ws://me:p%40ss@csms.example/ocpp", "CP001")
    assert target.url == "ws://csms.example/ocpp/CP001"
    assert (target.user, target.password) == ("me", "p@ss")


@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="/"), min_size=1
    ).filter(lambda text: text not in (".", ".."))
)
def test_the_url_of_a_url_is_itself(identity: str) -> None:
    once = target_url("ws://csms.example/ocpp", identity).url
    assert target_url(once, identity).url == once
    assert once.count("/") == 4


@given(
    identity=st.text(min_size=1, max_size=20),
    host=st.sampled_from(["csms.example", "CSMS.Example", "10.0.0.1", "[2001:DB8::1]"]),
    port=st.sampled_from(["", ":9000"]),
    path=st.sampled_from(["", "/", "/ocpp", "/a;b/c%20d/"]),
    query=st.sampled_from(["", "?token=1", "?a=b&c=%2F"]),
)
def test_its_parts_are_those_that_the_library_would_find(
    identity: str, host: str, port: str, path: str, query: str
) -> None:
    target = target_url(f"ws://{host}{port}{path}{query}", identity)
    expected = parse_url(target.url)
    assert target.authority == expected.netloc
    assert target.resource == expected.resource_name
    assert (target.host, target.port) == (expected.host, expected.port)
