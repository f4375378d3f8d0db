# Two commands do everything on a machine that has only Python 3.11 or later:
#   make run    set up, run the reference case, write the report
#   make test   set up, run every test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
N      ?= 10000

.PHONY: run test setup verify bench clean

run: setup
	$(BIN)/politburo run ussr -n $(N) --out results/ussr
	$(BIN)/politburo report results/ussr -o report.html

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

verify: setup
	$(BIN)/python -m verify

bench: setup
	$(BIN)/python -m benchmarks

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "politburo needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

clean:
	rm -rf $(VENV) results report.html
