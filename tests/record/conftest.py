"""Fixtures of the record's tests. The source texts are not part of the repository: tests that need them are skipped without them."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("record", deadline=None, max_examples=40)
settings.load_profile("record")


@pytest.fixture(scope="session")
def record():
    """The shipped record."""
    from politburo.record.loading import load

    return load()


@pytest.fixture(scope="session")
def reader(record):
    from politburo.record.reader import Reader

    return Reader(record)


@pytest.fixture(scope="session")
def sources_folder():
    """Folder with the five source texts: POLITBURO_SOURCES, or ../shared/sources beside the checkout."""
    folder = Path(
        os.environ.get("POLITBURO_SOURCES") or Path(__file__).resolve().parents[3] / "shared" / "sources"
    )
    if not folder.is_dir():
        pytest.skip("the source texts are not at hand")
    return folder
