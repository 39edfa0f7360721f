"""The tags that a central system knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocppsim.csms import IdTag, IdTagRegistry, TagFileError, load_id_tags
from ocppsim.csms.id_tags import parse_id_tags

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_without_tags_every_tag_is_accepted() -> None:
    assert IdTagRegistry().find("ANY").status == "Accepted"


def test_with_tags_an_unknown_one_is_invalid_and_case_does_not_matter() -> None:
    registry = IdTagRegistry([IdTag("Tag1", "Blocked")])
    assert registry.find("TAG1").status == "Blocked"
    assert registry.find("TAG2").status == "Invalid"


def test_an_accepted_tag_expires_and_a_blocked_one_stays_blocked() -> None:
    past = NOW - timedelta(seconds=1)
    assert IdTag("A", expiry=past).status_at(NOW) == "Expired"
    assert IdTag("A", "Blocked", expiry=past).status_at(NOW) == "Blocked"
    assert IdTag("A", expiry=NOW + timedelta(days=1)).status_at(NOW) == "Accepted"


@pytest.mark.parametrize(
    "text",
    [
        "TAG1,Blocked,GROUP,2027-01-01T00:00:00Z\nTAG2\n",
        "# mine\ntag, status, parent, expiry\nTAG1,Blocked,GROUP,2027-01-01\n\nTAG2,,,\n",
        "idTag,expiry,status,parent\nTAG1,2027-01-01T01:00:00+01:00,Blocked,GROUP\nTAG2\n",
        json.dumps(
            [
                {"tag": "TAG1", "status": "Blocked", "parent": "GROUP", "expiry": "2027-01-01"},
                "TAG2",
            ]
        ),
        json.dumps(
            {
                "TAG1": {"status": "Blocked", "parentIdTag": "GROUP", "expiryDate": "2027-01-01"},
                "TAG2": "Accepted",
            }
        ),
    ],
)
def test_every_form_of_the_file_gives_the_same_tags(text: str) -> None:
    assert parse_id_tags(text) == [
        IdTag("TAG1", "Blocked", "GROUP", datetime(2027, 1, 1, tzinfo=UTC)),
        IdTag("TAG2"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("TAG1,Fine", "line 1: status 'Fine'"),
        ("A" * 21, "line 1: .* longer than 20"),
        ("tag,colour\n", "line 1: unknown column 'colour'"),
        ("TAG1,,,tomorrow", "line 1: 'tomorrow' is not"),
        ("TAG1,,,,", "line 1: more than 4"),
        ("\n,Blocked", "line 2: the tag is missing"),
        ('[{"status": "Accepted"}]', "entry 1: the tag is missing"),
        ('[{"tag": 7}]', "entry 1: tag must be text"),
        ("[7]", "entry 1: neither"),
        ('[{"tag": "A", "colour": 1}]', "entry 1: unknown field 'colour'"),
        ("[", "line 1"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_the_reason(text: str, message: str) -> None:
    with pytest.raises(TagFileError, match=message):
        parse_id_tags(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TagFileError, match=r"gone\.csv: No such file"):
        load_id_tags(tmp_path / "gone.csv")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TagFileError, match="UTF-8"):
        load_id_tags(bad)
