from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.transfer.errors import TransferFailed
from ocppsim.transfer.location import parse_location, shown_location, without_password


@pytest.mark.obligation("FW-12", "DIAG-07")
@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("ftp://h", ("ftp", "h", 21, None, None, "")),
        ("ftp://h/a/b.bin", ("ftp", "h", 21, None, None, "/a/b.bin")),
        ("ftp://u@h/x", ("ftp", "h", 21, "u", None, "/x")),
        ("ftp://u:p@h:2121/x", ("ftp", "h", 2121, "u", "p", "/x")),
        ("ftp://u%40x:p%3A%2F@h/x", ("ftp", "h", 21, "u@x", "p:/", "/x")),
        ("ftp://u:p@ss@h/x", ("ftp", "h", 21, "u", "p@ss", "/x")),
        ("ftps://h/x", ("ftps", "h", 990, None, None, "/x")),
        ("FTP://H/X", ("ftp", "h", 21, None, None, "/X")),
        ("http://h:8080/x", ("http", "h", 8080, None, None, "/x")),
        ("https://[::1]/x", ("https", "::1", 443, None, None, "/x")),
    ],
)
def test_the_url_says_protocol_host_user_and_path(url: str, parts: tuple[object, ...]) -> None:
    assert parse_location(url)[:6] == parts


@pytest.mark.parametrize(
    "url",
    ["", "file.bin", "sftp://h/x", "ftp://", "http:///x", "http://h:x/", "http://h:99999/",
     "ftp://h/a b", "ftp://h/a\r\nDELE x", "http://[::1/x", "C:\\x"],
)  # fmt: skip
def test_what_is_no_usable_url_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(TransferFailed, match=r"^The location .*\.$"):
        parse_location(url)


@given(st.text())
def test_no_text_does_harm(text: str) -> None:
    without_password(text)
    try:
        location = parse_location(text)
    except TransferFailed:
        return
    assert location.url


def test_what_is_shown_holds_no_secret() -> None:
    location = parse_location("http://user:pw@h:8080/dir/x?signature=abc#f")
    assert location.shown == "http://h:8080/dir/x"
    assert location.url == "http://h:8080/dir/x?signature=abc"
    assert parse_location("https://[::1]:443").shown == "https://[::1]/"
    assert shown_location("ftp://u:pw@h/x") == "ftp://h/x"
    assert shown_location("u:pw@h/x") == "an unusable location"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://u:pw@h/x", "ftp://u:***@h/x"),
        ("ftp://u:p@w@h:21/x@y", "ftp://u:***@h:21/x@y"),
        ("http://u:p/w@h/x", "http://u:***@h/x"),
        ("http:/u:pw@h/x", "http:/u:***@h/x"),
        ("http:\\\\u:pw@h/x", "http:\\\\u:***@h/x"),
        ("//u:pw@h/x", "//u:***@h/x"),
        ("u:pw@h/x", "u:***@h/x"),
        ("http://h:80/a:b@c", "http://h:80/a:b@c"),
        ("sftp://h/a:b@c", "sftp://h/a:b@c"),
        ("ftp://u@h/x", "ftp://u@h/x"),
        ("http://h:80/a:b@c?d:e@f", "http://h:80/a:b@c?d:e@f"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_password_is_hidden_and_nothing_else(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h", "http://h/diag%20.log"),
        ("http://h/", "http://h/diag%20.log"),
        ("http://h/up/?k=1", "http://h/up/diag%20.log?k=1"),
        ("http://h/up", "http://h/up"),
    ],
)
def test_a_directory_gets_the_file_name_appended(url: str, target: str) -> None:
    assert parse_location(url).with_file("diag .log").url == target
