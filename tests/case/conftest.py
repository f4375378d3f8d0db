"""Fixtures of the case room's tests."""

import pytest
from template_texts import HERE, template_texts

from politburo.case.load import read_case


@pytest.fixture
def texts() -> dict[str, str]:
    return template_texts()


@pytest.fixture(scope="session")
def small():
    """The template as a case with parameters of its own."""
    return read_case(template_texts(), HERE)
