"""The story explorer in Airflow's own pages, for whoever is logged in there and may see plugins.

Only the API server asks a plugin for its applications, so scheduler, workers and DAG processors import nothing of it.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from airflow.plugins_manager import AirflowPlugin

log = logging.getLogger(__name__)

_PREFIX = "/newsfold"
_NAME = "Stories"  # the navigation has room for so many letters


class Explorer(AirflowPlugin):
    """Mounts the explorer, and puts it into the navigation, where the extra `explorer` and a warehouse are there."""

    name = "newsfold_explorer"

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        app = _mounted()
        return [{"app": app, "url_prefix": _PREFIX, "name": _NAME}] if app else []

    @cached_property
    def external_views(self) -> list[dict[str, Any]]:
        # Addresses without a slash before them: Airflow may itself stand below a path.
        view = {
            "name": _NAME,
            "href": f"{_PREFIX[1:]}/",
            "icon": f"{_PREFIX[1:]}/static/icon.svg",
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "newsfold",
        }
        return [view] if self.fastapi_apps else []


def _mounted() -> Any:
    """The application to mount; None where it cannot be, and the log says why."""
    try:
        import jinja2  # noqa: F401 - of the extra; FastAPI is Airflow's, too

        from pipeline import settings
        from pipeline.app.mounted import Mounted
    except ImportError as error:
        log.warning(
            "the story explorer is not mounted: %s is missing, of newsfold's extra explorer", error.name
        )
        return None
    from pipeline.model.errors import SettingsError

    try:
        warehouse = settings.load().warehouse
        if not warehouse:
            with _places():
                warehouse = settings.load().warehouse
    except SettingsError as error:
        log.warning("the story explorer is not mounted: %s", error)
        return None
    if not warehouse:
        log.warning(
            "the story explorer is not mounted: the API server knows no warehouse; set NEWSFOLD_WAREHOUSE or "
            "the variable newsfold_warehouse, and start it again"
        )
        return None
    return Mounted(_refusal, _places, _hosts())


async def _refusal(request: Any) -> Any:
    """Why this request may not be answered: Airflow's own check for plugins, by the cookie of its pages or a token."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import get_user, requires_access_view
    from fastapi import HTTPException
    from fastapi.concurrency import run_in_threadpool
    from fastapi.security import HTTPBearer

    from pipeline.app.mounted import Refusal

    try:
        user = await get_user(request, None, await HTTPBearer(auto_error=False)(request))
        await run_in_threadpool(requires_access_view(AccessView.PLUGINS), request, user)
    except HTTPException as error:
        if error.status_code == 403:
            return Refusal(403, "You may not see Airflow's plugins: ask its administrator.")
        return Refusal(error.status_code, "Log in to Airflow to see this page.", _login(request))
    return None


def _login(request: Any) -> str:
    """Where Airflow's login is, from which one comes back to what was asked for."""
    from airflow.api_fastapi.app import API_ROOT_PATH

    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{API_ROOT_PATH}api/v2/auth/login?next={quote(asked, safe='')}"


def _hosts() -> set[str]:
    """The names under which Airflow is asked for: that of its setting, and this machine; any where the setting is not given."""
    from airflow.configuration import conf

    from pipeline.explorer.guard import LOOPBACK

    name = urlsplit(conf.get("api", "base_url", fallback="") or "").hostname
    return {*LOOPBACK, f"[{name}]" if ":" in name else name} if name else set()


@contextmanager
def _places() -> Iterator[None]:
    """Meanwhile, fill the gaps of the environment with what Airflow knows, as the DAGs do: `newsfold_landing`, `newsfold_warehouse`, `newsfold_s3`."""
    added = {name: value for name, value in _from_airflow() if value and name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _from_airflow() -> Iterator[tuple[str, str | None]]:
    from airflow.models import Variable

    places = []
    for name in ("landing", "warehouse"):
        said = os.environ.get(f"NEWSFOLD_{name.upper()}")
        places.append(said or Variable.get(f"newsfold_{name}", default_var=None))  # noqa: AIR311 - those of airflow.sdk ask the server, and this is it
        yield f"NEWSFOLD_{name.upper()}", places[-1]
    if any((place or "").startswith("s3://") for place in places) and "AWS_ACCESS_KEY_ID" not in os.environ:
        yield from _from_connection()


def _from_connection() -> Iterator[tuple[str, str | None]]:
    from airflow.exceptions import AirflowNotFoundException
    from airflow.models import Connection

    try:
        found = Connection.get_connection_from_secrets("newsfold_s3")  # noqa: AIR311 - as above
    except AirflowNotFoundException:  # the machine may have a role instead
        return
    yield "AWS_ACCESS_KEY_ID", found.login
    yield "AWS_SECRET_ACCESS_KEY", found.password
    yield "AWS_ENDPOINT_URL", found.extra_dejson.get("endpoint_url")
    yield "AWS_DEFAULT_REGION", found.extra_dejson.get("region_name")
