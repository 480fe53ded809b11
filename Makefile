# What a person or CI runs. `make` alone tells what there is.
.DEFAULT_GOAL := help
.PHONY: help setup letters test quick check docs bench faults clean

# Not named PYTHON: PYTHON=/path/to/python3.13 in the surroundings tells scripts/setup which one to take.
VENV := .venv/bin/python
APPEAL := KAZ 001/0802/OBS 053.02
ON := 2003-03-13

help: ## tell what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

letters: ## set up what is needed, then make the letters, drafts and bulletin of the real appeal
	@sh scripts/setup run
	@$(VENV) -m urgent_appeals letters "$(APPEAL)" --on $(ON) || test $$? -eq 3
	@echo "The letters are in $$(cd outbox && pwd)"

test: .setup-dev ## set up what is needed, then run every test, with the coverage of the domain
	@$(VENV) -m pytest -n 2 --dist loadgroup --cov --cov-fail-under=100

quick: check ## the checks and the fast tests, in less than 3 minutes
	@$(VENV) -m pytest -n 2 --dist loadgroup -q -m "not slow"

check: .setup-dev ## style, form, types, and that the documentation tells the truth
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy
	@$(VENV) -m pytest -q tests/test_house.py $(wildcard tests/docs tests/test_docs.py)

docs: .setup-dev ## write docs/commands.md anew from the program's own help
	@$(VENV) scripts/make_docs.py

bench: .setup-dev ## measure against the plain ways of doing the same, all in one run
	@$(VENV) -m bench.run

faults: .setup-dev ## kill a sender at its system calls, one after another (needs strace and some minutes)
	@$(VENV) -m tests.faults.at_every_call

setup: .setup-dev ## set up everything: system libraries, .venv, packages for developers

.PHONY: .setup-dev
.setup-dev:
	@sh scripts/setup dev

clean: ## take away what was set up and measured; the outbox stays
	rm -rf .venv dist build htmlcov bench/results .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
