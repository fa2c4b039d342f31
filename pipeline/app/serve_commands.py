"""The command that serves the story explorer."""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.app import options
from pipeline.model.errors import SettingsError
from pipeline.model.extras import without_explorer

if TYPE_CHECKING:
    from pipeline.explorer.guard import Access

_LOCAL = ("127.0.0.1", "localhost", "::1")
_AT_ONCE = 512  # connections, many of them idle: what comes beyond is told to come again
_LEAST_TOKEN = 16  # characters

Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")]
Host = Annotated[
    str, typer.Option(help="The address to listen on; any but this machine's own needs a token.")
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name", help="A host name under which it may be asked for; may be repeated.", show_default=False
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(help="A file with the token that opens it, of 16 characters or more.", show_default=False),
]


def serve(
    warehouse: options.Warehouse = None,
    landing: options.Landing = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    name: Names = None,
    token_file: TokenFile = None,
) -> None:
    """Serve the story explorer: pages that show days, stories, and why each article is where it is. Needs the extra `explorer`.

    For example:

        newsfold serve --warehouse warehouse

    It only reads, and shows what is published without a restart. It listens on this machine alone, unless --host and --token-file
    say otherwise. If browsers use another host name, allow it with --name. Ctrl-C ends it.
    """
    from pipeline import settings
    from pipeline.app import request

    access = access_of(host, name or [], _token(token_file))
    try:
        import uvicorn

        from pipeline.app.desks import LateDesk
        from pipeline.explorer import web
        from pipeline.explorer.snapshot import Library
        from pipeline.explorer.source import Source
    except ImportError as error:
        raise without_explorer(error) from error
    chosen = settings.load(landing=landing, warehouse=warehouse)
    store = request.warehouse(chosen)
    desk = LateDesk(lambda: request.desk(landing=landing, warehouse=warehouse))
    desk()  # what is missing is said at the start
    source = Source(Library(store), chosen, desk, request.today)
    app = web.create_app(source, access)
    how: dict[str, Any] = {
        "log_level": "warning",
        "limit_concurrency": _AT_ONCE,
        "server_header": False,
        "ws": "none",
    }
    with _listening(host, port) as listener:
        print(f"{_address(listener)}  (Ctrl-C ends it)", file=sys.stderr, flush=True)  # noqa: T201 - this is the command line
        uvicorn.Server(uvicorn.Config(app, **how)).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises SettingsError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"--host {host} --port {port}: {error.strerror or error}; give another"
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def access_of(host: str, names: list[str], token: str | None) -> "Access":
    """Who may ask; raises SettingsError where other machines could, and no token is asked for."""
    from pipeline.explorer.guard import LOOPBACK, Access

    if host not in _LOCAL and token is None:
        raise SettingsError(
            f"--host {host}: other machines could read everything there; give --token-file, or leave --host out"
        )
    own = {host, f"[{host}]"} if host not in {"0.0.0.0", "::"} else set()  # noqa: S104 - it is compared, not bound
    return Access({*LOOPBACK, *own, *(name.lower() for name in names)}, token)


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: a token is text in UTF-8") from error
    if len(token) < _LEAST_TOKEN:
        raise SettingsError(f"{file}: a token has at least {_LEAST_TOKEN} characters")
    return token
