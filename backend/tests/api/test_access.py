from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from ocppsim.main import create_app
from ocppsim.settings import Settings

from .conftest import BASE_URL, Api, assert_problem

TOKEN = "a-secret-token"


@asynccontextmanager
async def client(settings: Settings, base_url: str = BASE_URL) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as http,
    ):
        yield http


@pytest.fixture
def wide(settings: Settings) -> Settings:
    return settings.model_copy(update={"host": "0.0.0.0", "api_token": SecretStr(TOKEN)})


# --- on loopback ---


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001"])
async def test_names_of_this_machine_are_let_in(api: Api, host: str) -> None:
    assert (await api.get("/api/locations", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "["]
)
async def test_a_name_that_was_pointed_here_is_turned_away(api: Api, host: str) -> None:
    assert_problem(await api.get("/api/locations", headers={"Host": host}), 421)
    assert_problem(await api.get("/", headers={"Host": host}), 421)


async def test_allowed_hosts_are_let_in(settings: Settings) -> None:
    settings = settings.model_copy(update={"allowed_hosts": ("Sim.example",)})
    async with client(settings) as http:
        answer = await http.get("/api/locations", headers={"Host": "sim.example:8001"})
        assert answer.status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "file://", "http://["])
async def test_pages_of_other_sites_change_nothing(api: Api, origin: str) -> None:
    body = {"name": "theirs"}
    answer = await api.post("/api/locations", json=body, headers={"Origin": origin})
    assert_problem(answer, 403)
    assert (await api.get("/api/locations")).json() == []


@pytest.mark.parametrize("origin", [BASE_URL, "http://localhost:5173"])
async def test_pages_of_this_machine_may(api: Api, origin: str) -> None:
    answer = await api.post("/api/locations", json={"name": "x"}, headers={"Origin": origin})
    assert answer.status_code == 201


async def test_on_loopback_nobody_has_to_log_in(api: Api) -> None:
    session = (await api.get("/api/session")).json()
    assert session == {"authentication_required": False, "authenticated": True}
    assert (await api.post("/api/login", json={"token": "any"})).status_code == 200


# --- bound wider ---


async def test_strangers_are_turned_away(wide: Settings) -> None:
    async with client(wide, "http://sim.example:8001") as http:
        for path in ("/api/locations", "/api/events", "/api/openapi.json", "/api/nothing", "/api"):
            answer = await http.get(path)
            assert_problem(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_health_and_the_page_to_log_in_are_open(wide: Settings) -> None:
    async with client(wide, "http://sim.example:8001") as http:
        assert (await http.get("/api/health")).status_code == 200
        assert (await http.get("/", headers={"Accept": "text/html"})).status_code == 200
        session = (await http.get("/api/session")).json()
        assert session == {"authentication_required": True, "authenticated": False}


async def test_the_token_opens(wide: Settings) -> None:
    async with client(wide) as http:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert (await http.get("/api/locations", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "Basic abc", f"Basic {TOKEN}", TOKEN, "Bearer \xe4"]
)
async def test_anything_else_does_not(wide: Settings, header: str) -> None:
    async with client(wide) as http:
        headers = {b"Authorization": header.encode("latin-1")}
        assert_problem(await http.get("/api/locations", headers=headers), 401)


async def test_a_login_gives_a_cookie_that_scripts_cannot_read(wide: Settings) -> None:
    async with client(wide) as http:
        answer = await http.post("/api/login", json={"token": TOKEN})
        assert answer.json() == {"authentication_required": True, "authenticated": True}
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        assert (await http.get("/api/locations")).status_code == 200
        assert (await http.post("/api/logout")).status_code == 204
        assert_problem(await http.get("/api/locations"), 401)


async def test_a_wrong_token_does_not_log_in(wide: Settings) -> None:
    async with client(wide) as http:
        answer = await http.post("/api/login", json={"token": "wrong"})
        assert_problem(answer, 401)
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "cookie", ["", "x", "9999999999.", "9999999999.00", "١٢.ab", ".", "1." + "0" * 64]
)
async def test_a_made_up_cookie_does_not_open(wide: Settings, cookie: str) -> None:
    async with client(wide) as http:
        headers = {b"Cookie": f"ocppsim_session={cookie}".encode()}
        assert_problem(await http.get("/api/locations", headers=headers), 401)


async def test_with_a_cookie_the_origin_counts(wide: Settings) -> None:
    async with client(wide, "http://sim.example:8001") as http:
        await http.post("/api/login", json={"token": TOKEN})
        for origin, status in (
            ("http://sim.example:8001", 201),
            ("http://localhost:8001", 403),
            ("http://other.example", 403),
        ):
            answer = await http.post(
                "/api/locations", json={"name": "x"}, headers={"Origin": origin}
            )
            assert answer.status_code == status, origin


async def test_without_a_token_one_is_made_up_and_logged(
    wide: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with client(wide.model_copy(update={"api_token": None})) as http:
        assert_problem(await http.get("/api/locations"), 401)
        (record,) = [each for each in caplog.records if "API_TOKEN" in each.message]
        token = record.message.rpartition(" ")[2]
        headers = {"Authorization": f"Bearer {token}"}
        assert (await http.get("/api/locations", headers=headers)).status_code == 200


# --- CORS ---


async def test_cors_is_closed(api: Api) -> None:
    answer = await api.get("/api/locations", headers={"Origin": "https://app.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_configured_origins_may_use_the_api(settings: Settings) -> None:
    settings = settings.model_copy(update={"cors_origins": ("https://app.example",)})
    headers = {"Origin": "https://app.example"}
    async with client(settings) as http:
        answer = await http.get("/api/locations", headers=headers)
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        assert "X-Total-Count" in answer.headers["access-control-expose-headers"]
        created = await http.post("/api/locations", json={"name": "x"}, headers=headers)
        assert created.status_code == 201
        preflight = await http.options(
            "/api/locations", headers=headers | {"Access-Control-Request-Method": "PATCH"}
        )
        assert preflight.status_code == 200
        refused = await http.options(
            "/api/locations",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )
        assert refused.status_code == 400
