"""The command that opens the planning page: plan."""

import secrets
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sim import extras
from sim.cli.common import Engine, say, say_if_compiling
from sim.errors import PlannerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.planning.desk import Desk
    from sim.scenario import Scenario


def plan(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Today's plan: a name from `tiercurve list`, or a path; else an example."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What is done today: the plan is then set against that one."
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

    make = _desk_maker(name, against)
    found, token = sockets.listening(port), secrets.token_urlsafe(24)
    print(sockets.address(found, token), flush=True)
    say("the planning page is open to this machine alone; Ctrl-C ends it")
    if browser:
        _open(sockets.address(found, token))
    try:
        _serve(make, found, token)
    except KeyboardInterrupt:
        pass  # it has ended as asked, before it began
    finally:
        found.close()
    print("ended", file=sys.stderr)


def _desk_maker(name: str | None, against: str | None) -> "Callable[[], Desk]":
    """What makes the page, its plans refused before anything is opened; slow to import, so late."""
    from sim.planning.plans import plans
    from sim.scenario import load

    if against is not None:
        if name is None:
            raise PlannerError("--against: name the plan that is set against it")
        from sim.planning.desk import Desk

        both = Desk.of_two(load(against), load(name))
        return lambda: both
    today = None if name is None else load(name)
    if today is not None:
        plans(today, {})
    return lambda: _desk_of(today)


def _desk_of(today: "Scenario | None") -> "Desk":
    from sim.planning import desk

    return desk.example() if today is None else desk.Desk(today)


def _serve(make: "Callable[[], Desk]", found: socket.socket, token: str) -> None:
    """Serve the page; a browser that is there already waits for it."""
    page = make()
    from sim.planning import server  # late: slow to import, while the browser starts

    say_if_compiling(Engine.compiled)
    server.serve(page, found, token)


def _open(address: str) -> None:
    """Open a browser, where there is one, without waiting for it."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
