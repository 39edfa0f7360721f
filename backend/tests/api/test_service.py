from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ocppsim.api.application import create_api
from ocppsim.api.document import describe, render

from .conftest import BASE_URL, Api, assert_problem

ROOT = Path(__file__).resolve().parents[3]


async def test_the_root_is_json_unless_html_is_asked_for(api: Api) -> None:
    answer = await api.get("/", headers={"Accept": "*/*"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["vary"] == "Accept"
    info = answer.json()
    assert info["service"] == "ocppsim"
    assert info["version"]
    for link in ("docs", "openapi", "health"):
        assert (await api.get(info["links"][link])).status_code == 200


async def test_the_documentation_loads_nothing_from_elsewhere(api: Api) -> None:
    page = (await api.get("/api/docs")).text
    assert "/api/chargers/{charge_point_id}/transactions/start" in page
    assert "//" not in page.replace("ws://", "").replace("wss://", "").replace("postgresql://", "")


async def test_a_browser_gets_a_page_at_the_root(api: Api) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = await api.get("/", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["vary"] == "Accept"


async def test_html_that_is_refused_is_not_sent(api: Api) -> None:
    answer = await api.get("/", headers={"Accept": "text/html;q=0, application/json"})
    assert answer.headers["content-type"] == "application/json"


async def test_health_counts_chargers(api: Api) -> None:
    assert (await api.get("/api/health")).json() | {"version": ""} == {
        "status": "ok",
        "service": "ocppsim",
        "version": "",
        "chargers": 0,
        "connected": 0,
    }
    await api.charger()
    assert (await api.get("/api/health")).json()["chargers"] == 1


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nothing", "/api/transactions/nothing", "/nothing", "/%00"],
)
async def test_an_unknown_path_is_a_problem(api: Api, path: str) -> None:
    assert_problem(await api.get(path), 404)


async def test_an_unknown_path_of_the_api_is_a_problem_for_browsers_too(api: Api) -> None:
    assert_problem(await api.get("/api/nothing", headers={"Accept": "text/html"}), 404)


async def test_posting_where_nothing_is_is_a_problem(api: Api) -> None:
    assert_problem(await api.post("/nothing"), 404)


async def test_a_method_that_is_not_there_says_which_are(api: Api) -> None:
    answer = await api.request("PUT", "/api/locations")
    assert_problem(answer, 405)
    assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"GET"}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/locations", "GET, POST"),
        ("/api/chargers/CP%201/messages", "GET, POST, DELETE"),
        ("/api/chargers/CP%201/connectors/1/fault", "POST, DELETE"),
    ],
)
async def test_all_methods_of_a_path_are_named(api: Api, path: str, allowed: str) -> None:
    answer = await api.request("PUT", path)
    assert allowed in assert_problem(answer, 405)["detail"]
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path", ["/api/chargers/CP%201%7C", "/api/chargers/50%25", "/api/nothing/%C3%A9%22"]
)
async def test_the_instance_of_a_problem_is_a_reference(api: Api, path: str) -> None:
    assert assert_problem(await api.get(path), 404)["instance"] == path


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    body = b'{"name": "' + b"x" * 9_000_000 + b'"}'
    answer = await api.post(
        "/api/locations", content=body, headers={"Content-Type": "application/json"}
    )
    assert_problem(answer, 413)


async def test_an_error_of_the_simulator_shows_nothing_of_its_inside(app: FastAPI) -> None:
    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("the inside")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        problem = assert_problem(await http.get("/api/broken"), 500)
    assert "inside" not in str(problem)


async def test_before_the_start_requests_are_told_to_wait() -> None:
    transport = httpx.ASGITransport(create_api())
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        assert_problem(await http.get("/api/locations"), 503)


# --- the web UI ---


@pytest.fixture
async def with_ui(tmp_path: Path) -> Api:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>the UI</title>")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "app-1234.js").write_text("'use strict'")
    transport = httpx.ASGITransport(create_api(ui_directory=tmp_path))
    return Api(httpx.AsyncClient(transport=transport, base_url=BASE_URL))


@pytest.mark.parametrize("path", ["/", "/locations/1", "/chargers/CP%201/messages"])
async def test_routes_of_the_ui_get_its_page(with_ui: Api, path: str) -> None:
    answer = await with_ui.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "the UI" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_files_of_the_ui_are_served_and_kept(with_ui: Api) -> None:
    answer = await with_ui.get("/assets/app-1234.js")
    assert answer.text == "'use strict'"
    assert "immutable" in answer.headers["cache-control"]
    assert (await with_ui.get("/favicon.svg")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/assets/app-9999.js", "/../pyproject.toml", "/..%2f..%2fetc/passwd", "//etc/passwd"]
)
async def test_nothing_else_is_served(with_ui: Api, path: str) -> None:
    assert_problem(await with_ui.get(path), 404)


# --- the OpenAPI document ---


def test_the_committed_openapi_document_is_the_present_one() -> None:
    committed = (ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8")
    assert committed == render(describe(create_api())), "make openapi writes it anew"


def test_the_openapi_document_can_be_printed_by_itself() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "ocppsim.api.openapi"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "backend")},
    ).stdout
    assert printed.decode() == render(describe(create_api()))


def test_every_operation_has_a_name_a_summary_and_a_problem() -> None:
    document = describe(create_api())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["operationId"].isalnum(), place
            assert operation.get("description"), place
            assert len(operation["tags"]) == 1, place
            problem = operation["responses"]["default"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"].endswith("/Problem"), place
