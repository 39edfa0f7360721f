from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ocppsim.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from outside."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_anything_it_listens_on_this_machine_only() -> None:
    settings = Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8001)
    assert settings.is_loopback
    assert settings.database_url == "sqlite:///./data/ocppsim.db"
    assert settings.cors_origins == ()
    assert settings.api_token is None


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_the_environment_decides_with_and_without_prefix(
    monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setenv(f"{prefix}HOST", "0.0.0.0")
    monkeypatch.setenv(f"{prefix}PORT", "9000")
    monkeypatch.setenv(f"{prefix}DATABASE_URL", "sqlite:///other.db")
    monkeypatch.setenv(f"{prefix}CORS_ORIGINS", "https://a.example, https://b.example,")
    monkeypatch.setenv(f"{prefix}LOG_LEVEL", "DEBUG")
    monkeypatch.setenv(f"{prefix}API_TOKEN", "secret")
    settings = Settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 9000)
    assert not settings.is_loopback
    assert settings.database_url == "sqlite:///other.db"
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.log_level == "debug"
    assert settings.api_token is not None
    assert "secret" not in repr(settings)


def test_the_prefix_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1111")
    monkeypatch.setenv(f"{PREFIX}PORT", "2222")
    assert Settings().port == 2222


def test_a_file_gives_what_the_environment_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=3333\nOCPPSIM_LOG_LEVEL=warning\nSOMETHING_ELSE=1\n")
    assert Settings().port == 3333
    assert Settings().log_level == "warning"
    monkeypatch.setenv("PORT", "4444")
    assert Settings().port == 4444


def test_what_is_given_in_code_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1111")
    assert Settings(port=5).port == 5


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("sim.example", False),
    ],
)
def test_only_loopback_is_loopback(host: str, loopback: bool) -> None:
    assert Settings(host=host).is_loopback == loopback


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "x"),
        ("port", "70000"),
        ("log_level", "loud"),
        ("synchronous", ""),
        ("transfer_max_bytes", "0"),
        ("transfer_limit_s", "inf"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value})  # pyright: ignore[reportArgumentType]


def test_no_host_may_be_exchanged_files_with_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().transfer_hosts == ()
    monkeypatch.setenv(f"{PREFIX}TRANSFER_HOSTS", "files.example.com, 127.0.0.1:8021,*")
    assert Settings().transfer_hosts == ("files.example.com", "127.0.0.1:8021", "*")
    monkeypatch.setenv(f"{PREFIX}TRANSFER_HOSTS", "http://files.example.com/")
    with pytest.raises(ValidationError, match=r"is not a host, a host:port or \*"):
        Settings()


def test_a_blank_token_is_none() -> None:
    assert Settings(api_token=" ").api_token is None  # pyright: ignore[reportArgumentType]
