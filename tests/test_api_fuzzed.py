"""The API under requests that are drawn from its own description: no failure of the server, and every answer is as described."""

from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from pipeline.explorer.guard import Access
from pipeline.explorer.limits import Rate
from pipeline.explorer.web import create_app
from tests.explored import Explored

PATHS = sorted(create_app(cast("Any", None), Access()).openapi()["paths"])
N_EXAMPLES = 25  # of each route; the same in every run


@pytest.fixture(scope="module")
def described(explored: Explored) -> Any:
    app = create_app(explored.source, Access(hosts=()), Rate(burst=1_000_000))
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_the_description_says(described: Any, path: str) -> None:
    """But for one thing that a description cannot say: which ids begin with a day, and which texts are cursors."""

    @given(case=described[path]["GET"].as_strategy())
    @settings(
        max_examples=N_EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()
