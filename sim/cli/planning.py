"""The command that opens the planning page: plan."""

import secrets
import sys
from typing import Annotated

import typer

from sim import extras
from sim.cli.common import Engine, say, say_if_compiling


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
    from sim.planning import desk, server
    from sim.scenario import load

    opened = desk.example() if name is None else desk.Desk(load(name))
    found, token = server.listening(port), secrets.token_urlsafe(24)
    say_if_compiling(Engine.compiled)
    print(server.address(found, token), flush=True)
    say("the planning page is open to this machine alone; Ctrl-C ends it")
    if browser:
        _open(server.address(found, token))
    server.serve(opened, found, token)
    print("ended", file=sys.stderr)


def _open(address: str) -> None:
    """Open a browser, where there is one, without waiting for it."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
