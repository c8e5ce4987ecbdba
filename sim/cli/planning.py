"""The command that opens the planning page: plan."""

import secrets
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sim import extras
from sim.cli.common import Engine, say, say_if_compiling

if TYPE_CHECKING:
    from sim.scenario import Scenario


def plan(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Today's plan: a name from `tiercurve list`, or a path; else an example."
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 is a free one.")
    ] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the planning page: move what you could change, and see what it would change."""
    extras.require("the planning page", "starlette", "uvicorn")
    from sim.planning import sockets
    from sim.planning.plans import plans
    from sim.scenario import load

    today = None if name is None else load(name)
    if today is not None:
        plans(today, {})  # refused before anything is opened
    found, token = sockets.listening(port), secrets.token_urlsafe(24)
    print(sockets.address(found, token), flush=True)
    say("the planning page is open to this machine alone; Ctrl-C ends it")
    if browser:
        _open(sockets.address(found, token))
    try:
        _serve(today, found, token)
    except KeyboardInterrupt:
        pass  # it has ended as asked, before it began
    finally:
        found.close()
    print("ended", file=sys.stderr)


def _serve(today: "Scenario | None", found: socket.socket, token: str) -> None:
    """Serve a plan, or the example; a browser that is there already waits for it."""
    from sim.planning import desk, server  # late: slow to import, while the browser starts

    opened = desk.example() if today is None else desk.Desk(today)
    say_if_compiling(Engine.compiled)
    server.serve(opened, found, token)


def _open(address: str) -> None:
    """Open a browser, where there is one, without waiting for it."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
