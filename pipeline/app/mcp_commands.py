"""The command that serves agents."""

import importlib.metadata

from pipeline.app import options
from pipeline.model.errors import SettingsError
from pipeline.model.extras import install_command


def mcp(warehouse: options.Warehouse = None) -> None:
    """Serve agents by the Model Context Protocol, on standard input and output. Needs the extra `mcp`.

    For example:

        newsfold mcp --warehouse warehouse

    An agent's host starts it. Its tools only read: search stories, get a story with its evidence, explain a pair, list what changed.
    Every answer names the publication that it is from, and can be asked for from it again.
    """
    from pipeline import settings
    from pipeline.app import request

    try:
        from pipeline.explorer import agent_server
    except ImportError as error:
        raise SettingsError(
            f"newsfold mcp needs the extra [mcp], {error.name} is missing: {install_command('mcp')}"
        ) from error
    from pipeline.explorer.snapshot import Library

    chosen = settings.load(warehouse=warehouse)
    library = Library(request.warehouse(chosen))
    version = importlib.metadata.version("newsfold")
    agent_server.create_server(library, chosen.least_story_score, version).run("stdio")
