"""The socket that the planning page is served at: of this machine alone, open before all else."""

import errno
import socket

from sim.errors import PlannerError

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")  # of this machine, as a browser calls it


def listening(port: int = 0) -> socket.socket:
    """A socket of this machine alone, at a port or at a free one.

    Raises PlannerError, one line, where the port is taken or may not be used.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
        found.listen(128)
    except OSError as error:
        found.close()
        why = "in use" if error.errno == errno.EADDRINUSE else error.strerror
        raise PlannerError(
            f"port {port}: {why}; name another by --port, or leave it out for a free one"
        ) from None
    return found


def address(found: socket.socket, token: str) -> str:
    """What a browser opens."""
    return f"http://{HOST}:{found.getsockname()[1]}/?token={token}"
