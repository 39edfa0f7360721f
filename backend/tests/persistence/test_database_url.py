from __future__ import annotations

from pathlib import Path

import pytest

from ocppsim.persistence import DatabaseUnavailable
from ocppsim.persistence.database_url import parse_database_url, shown, sqlite_path


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
def test_every_spelling_of_sqlite_is_the_same_file(scheme: str) -> None:
    url = parse_database_url(f"{scheme}:////var/lib/ocppsim/ocppsim.db")
    assert url.drivername == "sqlite"
    assert sqlite_path(url) == Path("/var/lib/ocppsim/ocppsim.db")


def test_a_relative_sqlite_path_is_resolved_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = parse_database_url("sqlite:///data/sim.db")
    monkeypatch.chdir("/")
    assert sqlite_path(url) == tmp_path / "data" / "sim.db"


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2"]
)
def test_every_spelling_of_postgresql_takes_the_one_driver(scheme: str) -> None:
    url = parse_database_url(f"{scheme}://sim:secret@db.example:5433/sim")
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "sim",
        "secret",
        "db.example",
        5433,
        "sim",
    )


def test_the_ssl_option_of_asyncpg_becomes_that_of_libpq() -> None:
    url = parse_database_url("postgresql+asyncpg://db.example/sim?ssl=require")
    assert url.query["sslmode"] == "require"
    assert "ssl" not in url.query


def test_a_connection_attempt_is_bounded_unless_the_url_says_otherwise() -> None:
    assert parse_database_url("postgres://db/sim").query["connect_timeout"] == "10"
    assert parse_database_url("postgres://db/sim?connect_timeout=3").query["connect_timeout"] == "3"


def test_a_server_that_vanishes_is_found_out_within_half_a_minute() -> None:
    query = parse_database_url("postgres://db/sim?keepalives_idle=60").query
    assert query["keepalives_idle"] == "60"
    assert (query["keepalives_interval"], query["keepalives_count"]) == ("5", "3")
    assert query["tcp_user_timeout"] == "30000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ocppsim.db",
        "mysql://root:secret@db/sim",
        "sqlite://ocppsim.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///sim.db?mode=ro",
        "postgresql://sim:secret@db:notaport/sim",
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_without_the_password(text: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        parse_database_url(text)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_password_is_not_shown_wherever_it_stands() -> None:
    for text in [
        "postgresql://sim:secret@db/sim",
        "postgresql://sim@db/sim?password=secret",
        "postgresql://sim@db/sim?sslpassword=secret",
    ]:
        assert "secret" not in shown(parse_database_url(text))
