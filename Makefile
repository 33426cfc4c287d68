# make run    a console with a network that sounds         make lint     ruff and mypy
# make quick  the linters and the tests that take less than a minute and a half: what one runs at each change
# make test   every test                                   make docs     the documentation, into build/docs
# make bench  the benchmarks, in build/benchmarks          make clean    remove all that these have made
# make soak MINUTES=60   three threads that edit what plays, on the clock and on JACK, and thousands of delay lines
# make interrupts MINUTES=60   Ctrl-C at any moment            make fuzz MINUTES=60     spoilt files, strange calls, all kernels
# make test-numba   what is compiled, with the newest numba; or with another: make test-numba NUMBA=0.61.2
# make scoreboard   how near each type and network is to CLAM's own recordings, and CLAM's types, into docs/reference
# make bench-peers  the engines that ours is measured beside, for make bench: several hundred megabytes
#
# Each sets up what it needs: Debian packages (as root, or by sudo; only where one is missing) and the environment .venv.
# Another Python: make run PYTHON=/path/to/python3

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME  # of another environment that is active here
.PHONY: run scoreboard quick quick-tests test test-numba lint docs bench bench-peers soak interrupts fuzz clean help

venv := .venv
PYTEST_ARGS ?=
MINUTES ?= 10
SEED ?=
demo := examples/wobble.py

# What the tests drive for real: a JACK server, LV2 and LADSPA plugins, a compiler for plugins of our own, video encoders, a terminal, a
# screen for Qt.
test_packages := jackd2 jalv mda-lv2 lv2-examples swh-plugins ladspa-sdk gcc libc6-dev pipewire pipewire-bin pipewire-jack wireplumber dbus mencoder \
	ffmpeg tmux libportaudio2 xvfb libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3

# $(call apt,PACKAGES): install those of the packages that are not there yet.
apt = missing=(); \
	for package in $(1); do \
		[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing+=($$package); \
	done; \
	if [ $${\#missing[@]} -gt 0 ]; then \
		command -v apt-get >/dev/null || { echo "These packages are needed, and there is no apt-get: $${missing[*]}" >&2; exit 1; }; \
		[ "$$(id -u)" = 0 ] && as_root="" || as_root=sudo; \
		echo "Installing the Debian packages $${missing[*]}"; \
		$$as_root apt-get update -qq; \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" </dev/null >/dev/null; \
	fi

# A Python that is new enough and can make environments, else nothing.
find_python = for python in $(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14); do \
		"$$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$python"; break; }; \
	done; true

help:
	@sed -n '/^# make/s/^# //p' Makefile

# Without libportaudio2 there is no sound card, but everything else: so this may fail.
run: $(venv)/run
	@($(call apt,libportaudio2)) || echo "libportaudio2 is not installed: sound will need a JACK server"
	$(venv)/bin/ipyclam_console $(demo) --copy --play

test: $(venv)/test
	@$(call apt,$(test_packages))
	$(venv)/bin/python -m pytest -n auto --maxprocesses 4 $(PYTEST_ARGS)

# In an environment of its own, as pyproject.toml may not admit that version yet.
test-numba: $(venv)/test
	@installed=$$($(venv)/bin/python -c 'import numba; print(numba.__version__)'); \
	wanted=$(NUMBA); \
	[ -n "$$wanted" ] || wanted=$$($(venv)/bin/python -m pip install -q --disable-pip-version-check --dry-run --ignore-installed --no-deps \
		--report - numba | $(venv)/bin/python -c 'import json, sys; print(json.load(sys.stdin)["install"][0]["metadata"]["version"])'); \
	if [ "$$wanted" = "$$installed" ]; then echo "numba $$wanted is what all tests run with"; exit; fi; \
	$(venv)/bin/python -m venv --clear build/numba; \
	build/numba/bin/pip install -q --disable-pip-version-check -e '.[jack,midi,test]'; \
	build/numba/bin/pip install -q --disable-pip-version-check "numba==$$wanted"; \
	build/numba/bin/python -m pytest -p no:cacheprovider tests/definitions tests/processings tests/live/test_kernels.py tests/live/test_gil.py

# A new test is among these unless it is marked slow.
quick: $(venv)/test
	@$(MAKE) --no-print-directory -j 2 --output-sync=target lint quick-tests

quick-tests: $(venv)/test
	$(venv)/bin/python -m pytest -q -n auto --maxprocesses 4 -m "not slow" $(PYTEST_ARGS)

# Each prints its seed, and repeats a run with make soak SEED=...; it ends with an error where it has found a fault.
trial = $(venv)/bin/python tests/soak/$(1).py --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

soak: $(venv)/test
	@$(call apt,$(test_packages))
	$(call trial,soak) --device clock
	$(call trial,soak) --device jack
	$(call trial,memory)

interrupts: $(venv)/test
	$(call trial,interrupts)

fuzz: $(venv)/test
	$(call trial,fuzz_files)
	$(call trial,fuzz_api)
	$(call trial,kernels)

lint: $(venv)/test
	$(venv)/bin/ruff check
	$(venv)/bin/ruff format --check
	$(venv)/bin/mypy

docs: $(venv)/test
	$(venv)/bin/sphinx-build -j auto -q -W --keep-going -n -b html docs build/docs
	@echo "The documentation is in build/docs/index.html"

scoreboard: $(venv)/test
	@cd tests && ../$(venv)/bin/python -m clam.scoreboard
	@cd tests && LADSPA_PATH=/no/plugins ../$(venv)/bin/python -m clam.clam_page

bench: $(venv)/test
	@mkdir -p build/benchmarks
	@for benchmark in benchmarks/[!_]*.py; do \
		echo "$$benchmark"; $(venv)/bin/python "$$benchmark" | tee "build/benchmarks/$$(basename "$$benchmark" .py).txt"; \
	done

# Nothing depends on these: an engine that is not there is named in the table as missing.
bench-peers: $(venv)/test
	@$(call apt,supercollider-server csound)
	@for package in supriya pyo signalflow dawdreamer; do \
		$(venv)/bin/pip install -q --disable-pip-version-check "$$package" || echo "$$package cannot be installed here: it will be missing" >&2; \
	done

clean:
	rm -rf $(venv) build docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(venv)/made: pyproject.toml
	@python=$$($(find_python)); \
	if [ -z "$$python" ]; then $(call apt,python3 python3-venv); python=$$($(find_python)); fi; \
	if [ -z "$$python" ]; then \
		echo "ipyclam needs Python 3.11 or later with its venv module; if you have one, say so: make run PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	"$$python" -m venv --clear $(venv)
	@touch $@

$(venv)/run: $(venv)/made
	@echo "Installing ipyclam into $(venv); this takes a minute or so, once"
	@$(venv)/bin/pip install -q --disable-pip-version-check -e '.[jack,video]'
	@$(venv)/bin/python -m compileall -q ipyclam_core ipyclam_console  # pip does so for all but the editable: it is a fifth of the start
	@echo "Compiling what $(demo) needs: a few seconds, once"
	-@$(venv)/bin/python -P -c "import ipyclam_core as i; n = i.Network('clam'); n.load('$(demo)'); n.play('clock'); n.stop()"
	@touch $@

$(venv)/test: $(venv)/made
	@echo "Installing ipyclam and what its tests need into $(venv); this takes a minute or so, once"
	@$(venv)/bin/pip install -q --disable-pip-version-check -e '.[jack,video,midi,test,docs]'
	@$(venv)/bin/python -m compileall -q ipyclam_core ipyclam_console  # pip does so for all but the editable: it is a fifth of the start
	@touch $@
