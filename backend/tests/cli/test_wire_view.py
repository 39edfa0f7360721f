"""A frame as a line."""

from __future__ import annotations

import pytest

from ocppsim.cli.wire_view import wire_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[2,"1","Heartbeat",{}]', "Heartbeat {}"),
        ('[2,"1","Authorize",{"idTag":"Ä"}]', 'Authorize {"idTag": "Ä"}'),
        ('[3,"1",{"status":"Accepted"}]', 'ok {"status": "Accepted"}'),
        ('[4,"1","NotSupported","no",{}]', 'error NotSupported "no"'),
        ('[4,"1","InternalError","",{}]', "error InternalError {}"),
        ("nonsense", "nonsense"),
        ("[5,1]", "[5,1]"),
        ('{"a":1}', '{"a":1}'),
        ("[true,1,2]", "[true,1,2]"),
    ],
)
def test_what_a_frame_says(text: str, shown: str) -> None:
    assert wire_line("CP", "→", text, "12:00:00.000").plain == f"12:00:00.000 CP → {shown}"


def test_a_long_frame_is_cut() -> None:
    line = wire_line("", "←", f'[3,"1",{{"x":"{"y" * 5000}"}}]', "t").plain
    assert len(line) < 2_100
    assert line.endswith("characters)")
