"""Debian's Chromium, headless, and what goes wrong in one of its pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PROGRAM = shutil.which("chromium")
SCREENS = {"wide": (1200, 900), "narrow": (360, 740)}


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; the test is skipped where there is none."""
    if PROGRAM is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for all tests of a process: Playwright's calls can't be begun twice in one."""
    with chromium() as opened:
        yield opened


def faults_of(page: Any, address: str) -> list[str]:
    """What goes wrong on a page from now on: errors, dialogs, requests that do not go to the address."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    page.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(address) else None)
    return faults
