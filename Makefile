# `make` lists what can be made. CI runs the same targets that people do.

SWIFT_FLAGS := --explicit-target-dependency-import-check error
CONVENE := .build/debug/convene
PYTEST := .build/venv-system/bin/python -m pytest
# Processes that the tests of the running server are spread over. They wait as much as they work.
PROCESSES := 3

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run product test unit system soak bench format lint build release install install-tests doctor ci clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install product ## Start Convene with demo data (ARGS="--port 9000" and so on)
	$(CONVENE) serve --demo $(ARGS)

test: install-tests lint build unit system ## Everything: lint, build, unit tests, tests of the running server

unit: ## The Swift tests alone (FILTER=BookSession for some of them)
	@scripts/venv
	swift test $(SWIFT_FLAGS) $(if $(FILTER),--filter $(FILTER))

system: ## The tests of the running server alone (TESTS="-k stream" for some of them)
	@scripts/venv
	$(PYTEST) Tests/System -n $(PROCESSES) --dist loadgroup --no-loadscope-reorder $(TESTS)

soak: install-tests ## What takes hours, on a release build: hostile load, memory, every input (TESTS="-k memory" for some)
	@scripts/venv
	$(if $(CONVENE_BINARY),,swift build -c release --product convene)
	CONVENE_BINARY=$(or $(CONVENE_BINARY),$(CURDIR)/.build/release/convene) $(PYTEST) Tests/System -m soak --durations=0 $(TESTS)

bench: install-tests ## Measure a release build and write the figures to docs/benchmarks.md
	@scripts/venv
	swift build -c release --product convene
	.build/venv-system/bin/python Benchmarks/run.py $(ARGS)

format: ## Format the Swift sources in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## Check formatting, imports and a few habits
	@scripts/lint

product:
	swift build $(SWIFT_FLAGS) --product convene

build: ## Build the server and its tests (debug), and see that every route has its line in the authorization matrix
	swift build --build-tests $(SWIFT_FLAGS)
	@scripts/check-authorization

release: install ## Pack a folder that runs anywhere on Debian 12, and a .deb, below .build/package
	@scripts/install release
	scripts/release

install: ## Install what is missing from Debian (asks sudo only then)
	@scripts/install

install-tests: ## The same, and what the tests and benchmarks need
	@scripts/install tests

doctor: ## Say what this machine has and what it lacks; changes nothing
	@scripts/doctor

ci: test ## What CI runs

clean: ## Remove everything that was built
	rm -rf .build
