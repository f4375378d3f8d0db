"""`politburo run` and `politburo rerun` as a user meets them: words, exit codes, Ctrl-C, a terminal."""

import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from politburo.cli import app

POLITBURO = [sys.executable, "-c", "from politburo.cli import main; main()"]


def command(*words, **options) -> subprocess.CompletedProcess:
    return subprocess.run([*POLITBURO, *map(str, words)], capture_output=True, text=True, **options)


def invoke(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def contents(path: Path) -> dict[str, str]:
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(path.rglob("*")) if p.is_file()}


def test_run_extend_and_run_again(tmp_path):
    out = tmp_path / "r"
    made = [json.loads(invoke("run", "ussr", "-n", n, "--until", "1922-12", "--out", out, "--json").stdout) for n in (20, 50, 50)]
    assert [(m["there"], m["computed"]) for m in made] == [(20, 20), (50, 30), (50, 0)]
    assert len({m["id"] for m in made}) == 1
    words = invoke("run", "ussr", "-n", 50, "--until", "1922-12", "--out", out).stdout
    assert f"50 histories in {out}, 50 of them from before" in words


def test_rerun(tmp_path):
    out = tmp_path / "r"
    assert invoke("run", "ussr", "-n", 20, "--until", "1922-12", "--set", "rules.ban_on_factions=false", "--out", out).exit_code == 0
    again = invoke("rerun", out)
    assert again.exit_code == 0 and "the same, bit for bit" in again.stdout
    assert contents(out) == contents(tmp_path / "r-again")
    file = out / "part-00000000.parquet"
    assert invoke("run", "ussr", "-n", 20, "--until", "1922-12", "--seed", 3, "--out", tmp_path / "other").exit_code == 0
    file.write_bytes((tmp_path / "other" / file.name).read_bytes())
    other = invoke("rerun", out, "--out", tmp_path / "third")
    assert other.exit_code == 3 and "not the same" in other.stdout


def test_default_place_is_the_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, again, other = (
        json.loads(invoke("run", "ussr", "-n", 3, "--until", "1922-06", "--json", *more).stdout)
        for more in ((), (), ("--seed", 5))
    )
    assert first["path"] == again["path"] != other["path"] and again["computed"] == 0
    assert first["path"] == f"results/ussr-{first['id'][:8]}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ussr", "--set", "rules.ban_on_fractions=no"], "did you mean rules.ban_on_factions?"),
        (["ussr", "--set", "rules.ban_on_factions"], "key=value"),
        (["ussr", "--set", "rules.expulsion_majority=many"], "rules.expulsion_majority"),
        (["ussr", "--without", "colition"], "did you mean coalition?"),
        (["ussr", "--until", "1999-01"], "from 1922-04 to 1953-03"),
        (["ussr", "--until", "soon"], "YYYY-MM"),
        (["ussr", "-n", "0"], "at least one history"),
        (["usr"], "did you mean ussr?"),
        (["ussr", "--seed", "-1"], "2**64"),
    ],
)  # fmt: skip
def test_faults(tmp_path, words, expected):
    done = invoke("run", *words, "--out", tmp_path / "r")
    assert done.exit_code == 1 and expected in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == "" and not (tmp_path / "r").exists()


def test_wrong_usage_is_another_exit_code(tmp_path):
    assert invoke("run", "ussr", "-n", "many").exit_code == 2
    assert invoke("rerun", tmp_path).exit_code == 1


def test_setting_what_is_there_is_said(tmp_path):
    done = invoke("run", "ussr", "-n", 3, "--until", "1922-06", "--set", "rules.ban_on_factions=true", "--out", tmp_path / "r")
    assert done.exit_code == 0 and "changes nothing" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path):
    words = ["run", "ussr", "-n", "300000", "--until", "1925-12", "--set", "rules.ban_on_factions=false", "--workers", "1"]
    out = tmp_path / "a place"
    child = subprocess.Popen([*POLITBURO, *words, "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while child.poll() is None and not any(out.glob("*.parquet")):
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate()
    assert child.returncode == 130 and "Traceback" not in said
    again = next(line.strip() for line in said.splitlines() if line.strip().startswith("politburo run"))
    stopped = contents(out)
    assert "bands.parquet" not in stopped and not any(".writing" in name for name in stopped)
    assert shlex.split(again)[1:] == [*words, "--out", str(out)]
    # A shorter continuation shows that it goes on from there.
    done = json.loads(command(*[w if w != "300000" else "700" for w in shlex.split(again)[1:]], "--json").stdout)
    kept = done["there"] - done["computed"]
    assert f"{kept:,} of 300,000 histories kept" in said or kept == 700


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_terminal_sees_a_bar(tmp_path):
    primary, secondary = os.openpty()
    words = ["run", "ussr", "-n", "400", "--until", "1924-12", "--out", str(tmp_path / "r")]
    child = subprocess.Popen([*POLITBURO, *words], stdout=subprocess.PIPE, stderr=secondary, env={**os.environ, "TERM": "xterm", "COLUMNS": "100"})
    os.close(secondary)
    seen = b""
    while True:
        try:
            piece = os.read(primary, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(primary)
    assert child.wait() == 0
    assert b"histories" in seen and b"/400" in seen
    assert "400 histories in" in child.stdout.read().decode()


def test_a_log_sees_a_line_a_minute(capsys):
    from politburo.cli.run import _Showing
    from politburo.lab.ensembles.run import Progress

    showing = _Showing("politburo run ussr")
    showing(Progress("compiling", 0, 9000))
    for second in range(0, 190, 5):
        showing(Progress("running", 10 * second, 9000, 0, 0, float(second)))
    showing(Progress("notice", text="something happened"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Making machine code") and "once on this machine" in lines[0]
    assert [line.split(" histories")[0] for line in lines[2:-1]] == ["600 of 9,000", "1,200 of 9,000", "1,800 of 9,000"]
    assert lines[-1] == "note: something happened"


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    from politburo.lab.ensembles import parts

    def full(path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(parts, "write_table", full)
    done = invoke("run", "ussr", "-n", 3, "--until", "1922-05", "--out", tmp_path / "r")
    assert done.exit_code == 1 and "No space left" in done.stderr and "To go on:" in done.stderr and "Traceback" not in done.stderr


def test_a_place_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    done = invoke("run", "ussr", "-n", 3, "--out", tmp_path / "file" / "r")
    assert done.exit_code == 1 and "cannot be made" in done.stderr


def test_help_stays_light():
    code = "import sys; from politburo.cli import app; import politburo.cli.run; print([m for m in ('numpy', 'numba', 'pyarrow', 'rich') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
