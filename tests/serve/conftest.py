"""A server that all tests of a run ask; it is started once."""

import pytest
from serving import Serving, everything, write_folder


@pytest.fixture(scope="session")
def served_graph():
    return everything()


@pytest.fixture(scope="session")
def serving(served_graph, tmp_path_factory):
    """Return a running `kg serve` of `served_graph`."""
    with Serving(write_folder(tmp_path_factory.mktemp("served") / "out", served_graph)) as running:
        yield running


@pytest.fixture(scope="session")
def ask(serving):
    """Return a function that gets a path from the server, as a program does unless headers say otherwise."""

    def get(path, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return serving.client.get(path, headers={"Accept": "*/*", **named})

    return get
