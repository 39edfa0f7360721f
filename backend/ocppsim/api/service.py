"""The service itself: what it is, whether it works, login."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ocppsim import __version__

from .access import SESSION_COOKIE, SESSION_LIFETIME_S, AccessPolicy
from .problems import NotAllowed
from .schemas.service import Health, LoginBody, ServiceInfo, ServiceLinks, Session
from .services import ServicesDep
from .ui import WebUi, wants_html

SERVICE = "ocppsim"

router = APIRouter(tags=["service"])


def _policy(request: Request) -> AccessPolicy:
    policy: AccessPolicy = request.app.state.access_policy
    return policy


@router.get("/", operation_id="getServiceInfo", response_model=ServiceInfo)
async def get_service_info(request: Request, response: Response) -> ServiceInfo | Response:
    """What this is and where to go from here; the web UI where `Accept` names `text/html`."""
    if wants_html(request.headers.get("accept")):
        ui: WebUi = request.app.state.ui
        return ui.page()
    response.headers["Vary"] = "Accept"
    return ServiceInfo(
        service=SERVICE,
        version=__version__,
        links=ServiceLinks(
            docs="/api/docs", openapi="/api/openapi.json", ui="/", health="/api/health"
        ),
    )


@router.head("/", include_in_schema=False)
async def head_service_info(request: Request) -> Response:
    """The headers of ``GET /``."""
    if wants_html(request.headers.get("accept")):
        ui: WebUi = request.app.state.ui
        return ui.page()
    return Response(media_type="application/json", headers={"Vary": "Accept"})


@router.get("/api/health", operation_id="getHealth")
async def get_health(services: ServicesDep) -> Health:
    """Whether the service works, and how much it has to do; open to everybody."""
    store = services.supervisor.store
    return Health(
        status="ok",
        service=SERVICE,
        version=__version__,
        chargers=len(store),
        connected=store.connected_count(),
    )


@router.get("/api/session", operation_id="getSession")
async def get_session(request: Request) -> Session:
    """Whether this client may use the API."""
    policy = _policy(request)
    return Session(
        authentication_required=policy.token is not None,
        authenticated=policy.is_authenticated(request.headers),
    )


@router.post("/api/login", operation_id="login")
async def login(request: Request, response: Response, body: LoginBody) -> Session:
    """Exchange the API token for a cookie, as the web UI does."""
    policy = _policy(request)
    if policy.token is None:
        return Session(authentication_required=False, authenticated=True)
    if not policy.is_token(body.token):
        raise NotAllowed("that is not the API token")
    response.set_cookie(
        SESSION_COOKIE,
        policy.new_session(),
        max_age=SESSION_LIFETIME_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return Session(authentication_required=True, authenticated=True)


@router.post("/api/logout", operation_id="logout", status_code=204)
async def logout(response: Response) -> None:
    """Forget the cookie."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
