"""The sandbox as pytest fixtures: one server for all tests, an account for each."""

import pytest

import dryapi_sandbox


@pytest.fixture(scope="session")
def dryapi_server():
    # Twenty times as fast as the service.
    with dryapi_sandbox.Server("--speed", "20") as server:
        yield server


@pytest.fixture
def sandbox(dryapi_server, request):
    return dryapi_server.account(request.node.name)
