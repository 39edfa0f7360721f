from __future__ import annotations

import pytest

from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.location import parse_location


@pytest.mark.parametrize(
    ("entries", "url", "allowed"),
    [
        ([], "http://h/", False),
        (["h"], "http://h/", True),
        (["h"], "ftp://h:2121/", True),
        (["H"], "http://h/", True),
        (["h"], "http://other/", False),
        (["h"], "http://h.other/", False),
        (["h"], "http://sub.h/", False),
        (["h:21"], "ftp://h/", True),
        (["h:21"], "http://h/", False),
        (["h:8021"], "ftp://h:8021/", True),
        (["h"], "http://h@other/", False),
        (["::1"], "http://[::1]/", True),
        (["[::1]:8021"], "ftp://[::1]:8021/", True),
        (["[::1]:8021"], "ftp://[::1]/", False),
        (["*"], "ftp://anything:1/", True),
        (["a", "b:1"], "http://b:1/", True),
    ],
)
def test_only_what_is_listed_is_allowed(entries: list[str], url: str, allowed: bool) -> None:
    assert HostAllowlist(entries).allows(parse_location(url)) == allowed


@pytest.mark.parametrize(
    "entry", ["", "http://h", "h/x", "h:x", "h:", "h:70000", "*.h", "u@h", "[::1", "h?x"]
)
def test_what_is_no_host_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"is not a host"):
        HostAllowlist([entry])


def test_it_knows_how_open_it_is() -> None:
    assert HostAllowlist().is_empty
    assert not HostAllowlist(["h"]).is_empty
    assert HostAllowlist(["h", "*"]).allows_everything
    assert not HostAllowlist(["h"]).allows_everything
