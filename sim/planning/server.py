"""The server of the planning page: this machine alone, one token, one worker; no request goes out.

Whoever asks must name this host and, from a browser, come from its own page; every answer needs the
token that the command printed. The page's own files hold nothing of a plan.
"""

import asyncio
import json
import re
import secrets
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.resources import files
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.errors import PlannerError, ScenarioError, short
from sim.planning.bundle import bundle
from sim.planning.desk import Desk
from sim.planning.sockets import NAMES
from sim.planning.worker import Worker
from sim.planning.worlds import Superseded

TOKEN, VISITOR = "x-tiercurve-token", "x-tiercurve-visitor"  # headers of a request
MOST_BODY = 20_000  # bytes of a request
MOST_WAIT = 10.0  # seconds for a body to arrive
KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def application(desk: Desk, token: str, worker: Worker) -> ASGIApp:
    """The page as an ASGI application.

    token : that each request for an answer must carry
    worker : started by whoever serves it
    """

    def allowed(request: Request) -> None:
        given = request.headers.get(TOKEN) or request.query_params.get("token", "")
        if not secrets.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403, "open the address that `tiercurve plan` printed")

    async def index(request: Request) -> Response:
        allowed(request)
        return _file("index.html")

    async def static(request: Request) -> Response:
        if request.path_params["name"] == "main.js":  # one request for all modules
            return Response(bundle("main"), media_type=KINDS["js"])
        return _file(request.path_params["name"])

    async def opening(request: Request) -> Response:
        allowed(request)
        return JSONResponse(desk.opening())

    def of(work: Callable[..., Any], *keys: str) -> Callable[[Request], Awaitable[Response]]:
        """A route that hands what a request holds to the worker."""

        async def answer(request: Request) -> Response:
            allowed(request)
            asked = await _asked(request, keys)
            visitor = request.headers.get(VISITOR, "")
            if not re.fullmatch(r"[\w-]{1,40}", visitor, re.ASCII):
                raise PlannerError(f"{VISITOR}: must name the page that asks")
            values = [asked[key] for key in keys]
            return JSONResponse(await worker.answer(visitor, partial(work, *values)))

        return answer

    async def toml(request: Request) -> Response:
        allowed(request)
        asked = await _asked(request, ("state", "which"))
        return PlainTextResponse(desk.toml(asked["state"], asked["which"]))

    routes = [
        Route("/", index),
        Route("/page/{name}", static),
        Route("/opening", opening),
        Route("/answer", of(desk.answer, "state", "stage"), methods=["POST"]),
        Route("/run", of(desk.one_run, "state", "which"), methods=["POST"]),
        Route("/toml", toml, methods=["POST"]),
    ]
    return _guarded(Starlette(routes=routes, exception_handlers=_FAULTS))


async def _asked(request: Request, keys: tuple[str, ...]) -> dict[str, Any]:
    """The body of a request: a JSON object with these keys and no others."""
    body = b""
    try:
        async with asyncio.timeout(MOST_WAIT):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BODY:
                    raise HTTPException(413, f"a request of more than {MOST_BODY:,} bytes")
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408, "the request did not arrive") from None
    try:
        asked = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise PlannerError("a request must be JSON") from None
    if not isinstance(asked, dict) or set(asked) != set(keys):
        raise PlannerError(f"a request must hold {' and '.join(keys)}")
    return asked


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _file(name: str) -> Response:
    """A file of the page, of the package alone."""
    known = {file.name for file in files(__package__).joinpath("page").iterdir()}
    kind = KINDS.get(name.rpartition(".")[2])
    if name not in known or kind is None:
        raise HTTPException(404, f"{short(name)}: no file of the page")
    content = files(__package__).joinpath("page", name).read_bytes()
    return Response(content, media_type=kind)


def _told(status: int, error: BaseException) -> JSONResponse:
    return JSONResponse({"error": short(str(error).splitlines()[0], 400)}, status)


async def _fault(_: Request, error: Exception) -> Response:
    return _told(422, error)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


async def _superseded(_: Request, __: Exception) -> Response:
    return JSONResponse({"superseded": True}, 409)


async def _unforeseen(_: Request, error: Exception) -> Response:
    fault = f"a fault of Tiercurve ({type(error).__name__}: {error})"
    return _told(500, RuntimeError(fault))


_FAULTS: dict[Any, Any] = {
    PlannerError: _fault,
    ScenarioError: _fault,
    ValueError: _fault,
    HTTPException: _refused,
    Superseded: _superseded,
    Exception: _unforeseen,
}


def _guarded(app: ASGIApp) -> ASGIApp:
    """Only requests that name this machine and come from its own page; the same headers on all."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)  # a start or an end, of nobody

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        chosen = app if _is_ours(dict(scope["headers"]), scope) else _foreign
        return await chosen(scope, receive, send_with_headers)

    return guarded


def _is_ours(headers: dict[bytes, bytes], scope: Scope) -> bool:
    """Whether a request is for this host, and from a page of it where a browser says from where."""
    port = scope["server"][1]
    hosts = {f"{name}:{port}" for name in NAMES}
    host = headers.get(b"host", b"").decode("latin-1")
    origin = headers.get(b"origin", b"").decode("latin-1")
    return host in hosts and origin in ("", f"http://{host}")


_foreign = JSONResponse({"error": "this page is for this machine alone"}, 403)


# ---- serving -------------------------------------------------------------------------------------


def serve(desk: Desk, found: socket.socket, token: str) -> None:
    """Serve the page until it is stopped (Ctrl-C), then end at once."""
    worker = Worker(lambda: desk.answer(desk.state, 0)).start()  # while the browser opens
    config = uvicorn.Config(
        application(desk, token, worker), log_level="critical", access_log=False, lifespan="off",
        timeout_graceful_shutdown=1, limit_concurrency=256, server_header=False, ws="none",
    )  # fmt: skip
    try:
        _Server(config, worker).run(sockets=[found])
    except KeyboardInterrupt:
        pass  # it has ended as asked
    finally:
        worker.stop()
        found.close()


class _Server(uvicorn.Server):
    """A server whose worker ends with it, so that no request keeps it open."""

    def __init__(self, config: uvicorn.Config, worker: Worker) -> None:
        super().__init__(config)
        self.worker = worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.worker.stop()
        super().handle_exit(sig, frame)
