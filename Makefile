# The two commands are `make demo` and `make test`; `make help` lists the rest.
# Each installs what it needs, says what it does, and can be run again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/routeforce
export CARGO_TARGET_DIR ?= $(CACHE)/target
# rustup's programs are found in shells that do not read its profile too.
export PATH := $(HOME)/.cargo/bin:$(PATH)

ROUTEFORCE := $(CARGO_TARGET_DIR)/release/routeforce
DEMO_DIR ?= reports/demo
SEED ?= 1
# Property tests draw the same cases every time; another number draws others.
export PROPTEST_RNG_SEED ?= 1

.PHONY: help demo test setup setup-tests build fmt lint unit page notebook real value value-choice

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

demo: setup build ## the whole chain on a simulated operator; prints where the report is
	"$(ROUTEFORCE)" demo --dir "$(DEMO_DIR)" --seed $(SEED)

test: setup-tests lint unit page notebook real ## everything that must hold
	@echo "== all tests passed"

setup: ## install what building and running need
	deploy/setup.sh run

setup-tests: ## install what the tests need too
	deploy/setup.sh tests

build: setup ## build the program
	@echo "== build the program (the first time takes minutes: all dependencies)"
	cargo build --release --locked

fmt: ## format the code
	cargo fmt

lint: setup-tests ## check format and lints
	@echo "== format and lints"
	cargo fmt --check
	cargo clippy --release --locked --all-targets -- -D warnings

unit: setup-tests ## unit, property and integration tests on SQLite and a throw-away PostgreSQL
	@echo "== cargo test"
	deploy/with-postgres.sh cargo test --release --locked

page: setup-tests ## load the dashboard page in Chromium under its strict policy
	@echo "== dashboard page"
	deploy/check-page.sh

notebook: setup-tests build ## run the notebooks on a fresh small demo and look at its day in a browser
	@echo "== notebooks on a fresh small demo"
	deploy/run-notebook.sh "$(ROUTEFORCE)"

value: build ## what the travel-time forecast is worth on real trips, where the benchmark is present
	@echo "== value of the forecast on real trips"
	"$(ROUTEFORCE)" value --trips "$${ROUTEFORCE_BENCH:-../shared/bench}/travel/nyc_green.parquet" --from 2023-03-01 --quick --time-limit 2 \
	  --out reports/bench --report reports/value

value-choice: build ## how lateness is priced, on February with January's model: what decided between the candidates
	@for way in "" "--spread-weight 1" "--spread-weight 2" "--slow-day 0.5"; do \
	  echo "== $${way:-spread as learned}"; \
	  "$(ROUTEFORCE)" value --quiet --trips "$${ROUTEFORCE_BENCH:-../shared/bench}/travel/nyc_green.parquet" --from 2023-02-01 --until 2023-03-01 \
	    --quick --time-limit 2 $$way --out "$${TMPDIR:-/tmp}" | grep -m 4 -E "^. (static|predicted|cautious|perfect) "; \
	done

real: build ## run the chain on real data, where the benchmark is present
	@echo "== real data"
	deploy/run-real.sh "$(ROUTEFORCE)"
