"""Every page runs: Python blocks in one namespace a page, `$ politburo ...` lines in a folder of their own."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BIN = Path(sys.executable).parent


def blocks(page: Path):
    """(kind, line, text) of each fenced block of a page."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info.strip():
            yield token.info.split()[0], token.map[0] + 2, token.content


def runnable(page: Path) -> bool:
    return any(kind == "python" or (kind == "console" and "$ politburo" in text) for kind, _, text in blocks(page))


@pytest.mark.parametrize("page", [p for p in PAGES if runnable(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    namespace: dict = {"__name__": "__docs__"}
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "110"}
    for kind, line, text in blocks(page):
        where = f"{page.relative_to(ROOT)}:{line}"
        if kind == "python":
            exec(compile("\n" * (line - 1) + text, str(page), "exec"), namespace)
        elif kind == "console":
            for command in commands(text):
                done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=300)
                assert done.returncode == 0, f"{where}: {shlex.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def commands(text: str):
    """The `$ politburo` lines of a console block, with continuation lines joined."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if line.startswith("$ politburo"):
            yield shlex.split(line[2:])


def test_every_page_is_listed():
    """A page that the index does not reach is a page that nobody reads."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    missing = []
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        if page.name != "index.md" and name not in index and f"{Path(name).parent.as_posix()}/*" not in index:
            missing.append(name)
    assert not missing, f"docs/index.md does not list {missing}"
