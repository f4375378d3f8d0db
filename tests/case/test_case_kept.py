"""A case kept between runs: the same case, never an old one, never a damaged one, and faults as if nothing were kept."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from politburo import cache
from politburo.case import kept, load
from politburo.case.compile import compile_case
from politburo.case.effect import same_arrays
from politburo.case.kept import load_kept
from politburo.case.load import CASES, load_case
from politburo.engine import month
from politburo.faults import Faults

NAMES = dict.fromkeys(month.names())


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("POLITBURO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "politburo"


@pytest.fixture
def case(tmp_path) -> Path:
    """A case of the user's own with a mechanism file."""
    folder = tmp_path / "mine"
    shutil.copytree(CASES / "template", folder)
    (folder / "own.py").write_text("def step(w, p, s):\n    return\n")
    with (folder / "case.yaml").open("a") as header:
        header.write("\nmechanisms: [opinion, {file: own.py}]\n")
    return folder


@pytest.fixture
def readings(monkeypatch) -> list[str]:
    """Which cases were read from their files."""
    seen = []

    def load_case_(name, mechanisms=None):
        seen.append(str(name))
        return load_case(name, mechanisms)

    monkeypatch.setattr(kept, "load_case", load_case_)
    return seen


def kept_files(place: Path) -> list[Path]:
    return sorted(place.glob("case-*.kept"))


@pytest.mark.parametrize("name", ["ussr", "ussr-1953"])
def test_it_is_the_case(name, place, readings):
    first, second, read = load_kept(name), load_kept(name), load_case(name)
    assert readings == [name], "the second time nothing was read"
    for case in (first, second):
        assert case.digest == read.digest and case.header == read.header and case.labels() == read.labels()
        assert list(case.people) == list(read.people) and case.targets == read.targets and case.rules == read.rules
        assert [p.traits for p in case.people.values()] == [p.traits for p in read.people.values()]
        assert [o.id for o in case.organs.values()] == list(read.organs)
        assert same_arrays(compile_case(case), compile_case(read))
        assert load.same_files(case, read.path)
    changed = [case.with_values({"rules.ban_on_factions": False}) for case in (second, read)]
    assert changed[0].digest == changed[1].digest != read.digest


def test_a_fault_of_a_change_names_the_same_place(place):
    load_kept("ussr")
    said = []
    for case in (load_kept("ussr"), load_case("ussr")):
        with pytest.raises(Faults) as error:
            case.with_values({"rules.ban_on_faction": False, "parameters.turnover.value": 99})
        said.append(str(error.value))
    assert said[0] == said[1]


def test_every_file_counts(case, place, readings):
    load_kept(case, NAMES)
    for path in [*sorted(case.iterdir())]:
        before = path.read_bytes()
        comment = b"\n" if path.suffix == ".csv" else b"\n# a remark\n"
        path.write_bytes(before + comment)
        readings.clear()
        load_kept(case, NAMES)
        load_kept(case, NAMES)
        assert readings == [str(case)], path.name
        path.write_bytes(before)
        assert load_kept(case, NAMES).digest == load_case(case, NAMES).digest


def test_a_changed_value_is_seen_even_with_the_same_size_and_time(case, place):
    path = case / "people.csv"
    before, stamp = load_kept(case).digest, path.stat()
    path.write_text(path.read_text().replace("190", "189", 1))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size
    assert load_kept(case).digest == load_case(case).digest != before


def test_files_of_the_country_count(tmp_path, place, readings):
    folder = tmp_path / "land"
    shutil.copytree(CASES / "ussr", folder)
    load_kept(folder)
    file = folder / "country" / "parameters-terror.yaml"
    file.write_text(file.read_text() + "\n# a remark\n")
    assert load_kept(folder).digest == load_case(folder).digest
    assert len(readings) == 2
    (folder / "country" / "posterior-terror.csv").unlink()
    assert load_kept(folder).digest == load_case(folder).digest
    assert len(readings) == 3
    shutil.rmtree(folder / "country")
    try:
        expected = load_case(folder).digest
    except Faults as error:
        with pytest.raises(Faults) as again:
            load_kept(folder)
        assert str(again.value) == str(error)
    else:
        assert load_kept(folder).digest == expected


def test_the_lenders_files_count(tmp_path, place, readings, monkeypatch):
    cases = tmp_path / "cases"
    shutil.copytree(CASES, cases)
    for module in (load, kept):
        monkeypatch.setattr(module, "CASES", cases)
    load_kept("ussr-1953")
    load_kept("ussr-1953")
    assert readings == ["ussr-1953"]
    file = cases / "ussr" / "parameters.yaml"
    file.write_text(file.read_text() + "\n# a remark\n")
    load_kept("ussr-1953")
    assert len(readings) == 2


def test_a_case_with_a_fault_is_never_kept(case, place, readings):
    whole = (case / "rules.yaml").read_text()
    load_kept(case, NAMES)
    (case / "rules.yaml").write_text(whole.replace("rules:", "rulse:"))
    (case / "peolpe.csv").write_text("a\n")
    said = []
    for read in (load_kept, load_kept, load_case):
        with pytest.raises(Faults) as error:
            read(case, NAMES)
        said.append(str(error.value))
    assert said[0] == said[1] == said[2] and "rulse" in said[0] and "peolpe.csv" in said[0]
    (case / "rules.yaml").write_text(whole)
    (case / "peolpe.csv").unlink()
    assert load_kept(case, NAMES).digest == load_case(case, NAMES).digest


def test_a_mechanism_that_the_engine_has_not_is_a_fault(case, place):
    load_kept(case, NAMES)
    with pytest.raises(Faults, match="opinion"):
        load_kept(case, dict.fromkeys(["opinoin"]))


def headed(content: bytes, **values) -> bytes:
    end = content.find(b"\n", len(kept.MAGIC))
    about = {**json.loads(content[len(kept.MAGIC) : end]), **values}
    return kept.MAGIC + json.dumps(about).encode() + content[end:]


def another_object(content: bytes) -> bytes:
    import hashlib

    body = b"no pickle at all"
    end = content.find(b"\n", len(kept.MAGIC))
    return headed(content[: end + 1] + body, sha256=hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize(
    "damage",
    [lambda c: b"", lambda c: c[:-10], lambda c: c[: len(c) // 2] + b"x" + c[len(c) // 2 + 1 :], lambda c: b"politburo case 0\n" + c[len(kept.MAGIC) :],
     lambda c: kept.MAGIC, lambda c: kept.MAGIC + b"[]\n", lambda c: headed(c, lender=3), lambda c: headed(c, files={}), another_object],
)  # fmt: skip
def test_what_is_damaged_is_made_again(case, place, readings, damage):
    right = load_kept(case).digest
    (path,) = kept_files(place)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert load_kept(case).digest == right and len(readings) == 2
    assert load_kept(case).digest == right and len(readings) == 2, "and is whole again"


def test_where_nothing_can_be_written(case, place, readings, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "write", full)
    assert load_kept(case).digest == load_kept(case).digest
    assert len(readings) == 2 and not kept_files(place)


def test_a_case_that_changed_while_it_was_read_is_not_kept(case, place, monkeypatch):
    def slow(name, mechanisms=None):
        found = load_case(name, mechanisms)
        path = case / "rules.yaml"
        path.write_text(path.read_text() + "\n# meanwhile\n")
        return found

    monkeypatch.setattr(kept, "load_case", slow)
    load_kept(case)
    assert not kept_files(place)


def test_another_program_reads_for_itself(case, place, readings, monkeypatch):
    load_kept(case)
    monkeypatch.setattr(kept, "_program", lambda: "a later one")
    load_kept(case)
    assert len(readings) == 2 and len(kept_files(place)) == 2


def test_folders_of_the_same_name_are_kept_apart(case, place, readings, tmp_path, monkeypatch):
    """A relative path says nothing of the folder that one stands in."""
    found = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        shutil.copytree(case, folder / "mine")
        monkeypatch.chdir(folder)
        found.append(load_kept("mine"))
    assert len(readings) == 2 and len(kept_files(place)) == 2
    monkeypatch.chdir(tmp_path / "1")
    assert load_kept("mine").path == Path("mine") and len(readings) == 2


def test_the_folder_does_not_grow_without_end(case, place, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(5):
        folder = case.parent / f"mine{number}"
        shutil.copytree(case, folder)
        load_kept(folder)
    assert len(kept_files(place)) == 3
    assert json.loads(max(kept_files(place), key=lambda p: p.stat().st_mtime_ns).read_bytes().split(b"\n")[1])["lender"]


def test_two_processes_at_once(case, place):
    code = f"from politburo.case.kept import load_kept; print(load_kept({str(case)!r}).digest)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    assert {process.communicate()[0].strip() for process in both} == {load_case(case).digest}
    assert len(kept_files(place)) == 1 and not list(place.glob("*.part"))


def test_a_changed_case_is_a_case_of_its_own(place):
    """Nothing that is done to a case reaches the kept one."""
    first = load_kept("ussr")
    first.with_values({"rules.ban_on_factions": False})
    assert load_kept("ussr").rules == load_case("ussr").rules
