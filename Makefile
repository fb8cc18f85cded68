# One command runs the main job (make demo), one passes the tests (make test). Both do all the set-up.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FILE ?= scenery/town/messages.jsonl
REGISTER ?= scenery/town/authorities.json
DATA ?= samband-data
PORT ?= 8127
INPUTS ?= 200000
SECONDS ?= 60
EVERY ?= 3
INJECTIONS ?= 100
CASES ?= 2700
MESSAGES ?= 100000
MINUTES ?= 60
SAMPLE ?= 400
SEED ?= 1
SINCE ?= HEAD
export OPA := $(CURDIR)/.tools/bin/opa
export PROMTOOL := $(CURDIR)/.tools/bin/promtool

.PHONY: help demo desk review test fuzz faults soak quick servers cluster town-on-kafka cluster-down check cases law missing prove difference rolling mutate bundle schemas asyncapi town lock clean

help: ## what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/run ## play the sample town, or your own: make demo FILE=my.jsonl REGISTER=my.json
	$(BIN)/samband run $(FILE) --register $(REGISTER) --data $(DATA)
	@echo "       make desk"

desk: $(VENV)/desk ## open the desks of three authorities of the sample town in the browser; prints addresses and logins
	@test -e $(DATA)/samband.db || $(MAKE) --no-print-directory demo
	$(BIN)/python -m scenery.town.desk --data $(DATA) --port $(PORT)

review: $(VENV)/desk ## open the auditors' and the operator's pages on the sample town; prints the address and two logins
	@test -e $(DATA)/samband.db || $(MAKE) --no-print-directory demo
	$(BIN)/python -m scenery.town.review --data $(DATA)

test: ## everything: style, types, law, tests, real servers, faults; says how long each part took
	deploy/test.sh

fuzz: $(VENV)/dev ## 200,000 broken inputs to every parser, then a minute of atheris for each: make fuzz INPUTS=… SECONDS=…
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS)
	$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: atheris
	$(BIN)/python -m tests.fuzz.guided $(SECONDS)

faults: $(VENV)/dev $(OPA) servers ## workers killed, paused and cut off; servers restarted; late frames: about eight minutes; then for an hour three brokers with TLS, whose coordinators are moved, killed and stopped, and whose passwords, keys and certificates are changed: make faults INJECTIONS=100
	$(BIN)/pytest -m faults
	$(BIN)/python -m tests.faults.brokers --injections $(INJECTIONS)
	$(BIN)/python -m tests.faults.rotations

soak: $(VENV)/dev $(OPA) servers ## an hour of messages through a cluster: whether memory and files stay as they should: make soak MESSAGES=100000 MINUTES=60
	$(BIN)/python -m tests.soak --messages $(MESSAGES) --minutes $(MINUTES)

quick: $(VENV)/dev $(OPA) $(PROMTOOL) ## about two minutes: no server, process or generated case; a few files at a time on each processor
	seq 0 5 | xargs -P $$(nproc) -I{} sh -c '$(BIN)/pytest -m "not slow and not live and not hypothesis" -x --durations=3 \
		$$(find tests -name "test_*.py" | sort | awk "NR % 6 == {}")'

servers: ## what real servers need from the system: installed from Debian as root, else named
	deploy/local/install_servers.sh

cluster: $(VENV)/cluster $(VENV)/desk servers ## Kafka, OPA and PostgreSQL on this machine, and Samband on them, for the sample town
	deploy/local/servers.sh up
	SAMBAND_PROFILE=conformance deploy/local/samband.sh --register $(REGISTER) up

town-on-kafka: $(VENV)/cluster ## play the sample town on the cluster, each authority as its own user
	$(BIN)/python -m scenery.town.on_kafka --credentials .local/credentials

cluster-down: ## stop it; data stay in .local
	deploy/local/samband.sh down
	deploy/local/servers.sh down

check: $(VENV)/dev ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

cases: $(OPA) ## the law's shared cases, all in one question: of each that differs, what was wanted, what came and why
	@$(OPA) eval --fail-defined --format raw -d policies -d tests/cases 'data.decision_test.report[_]'
	@echo The shared cases are answered as wanted.

missing: $(VENV)/dev ## every set that lets an item go is asked about, and each part of it: make missing CASES=2700, a quarter of an hour
	SAMBAND_MISSING_CASES=$(CASES) $(BIN)/pytest tests/test_missing.py

prove: $(VENV)/dev $(OPA) ## what must hold of the law whatever is asked: nine invariants over a finite space, with counter-examples
	$(BIN)/python -m tests.prove --every $(EVERY)

difference: $(VENV)/dev $(OPA) ## which questions the law answers otherwise than at a revision, in groups, with a witness: make difference SINCE=main
	$(BIN)/python -m tests.prove.difference $(SINCE)

rolling: $(VENV)/dev $(OPA) servers ## workers of an earlier revision and of this one side by side: make rolling SINCE=main
	tree=$$(mktemp -d)/earlier; git worktree add --quiet --detach $$tree $(SINCE); status=0; \
	SAMBAND_EARLIER=$$tree $(BIN)/pytest tests/test_rolling_live.py || status=$$?; \
	git worktree remove --force $$tree; exit $$status

law: $(VENV)/run $(OPA) ## the law: form, strictness, names, shared cases, coverage
	$(OPA) fmt --fail --list policies
	$(OPA) check --strict --schema schemas/policy/input.json --capabilities policies/capabilities.json policies
	$(BIN)/python deploy/policy_names.py
	$(MAKE) --no-print-directory cases
	$(OPA) test --timeout 300s policies tests/cases
	$(OPA) test --timeout 300s --coverage --threshold 95 policies tests/cases | tail -n 1

mutate: $(VENV)/dev $(OPA) ## whether the tests of the law can fail: changes rules and table values one at a time, tells which nothing sees: make mutate SAMPLE=400 SEED=1
	$(BIN)/python -m tests.mutate --sample $(SAMPLE) --seed $(SEED)

bundle: $(VENV)/run $(OPA) ## compile policies/ into broker/bundle/ after a change of the law
	$(BIN)/python deploy/input_schema.py
	$(BIN)/python deploy/build_bundle.py

schemas: $(VENV)/dev ## write schemas/avro/, schemas/xml/, the contract's pages and the texts of the agency's side after a change of a message model or a text
	$(BIN)/python -m schemas.write_avro
	$(BIN)/python -m schemas.write_contract_page
	$(BIN)/python -m schemas.write_agency_texts
	$(BIN)/python -m schemas.write_xml

asyncapi: $(VENV)/dev ## write schemas/asyncapi.yaml after a change of a message model, schemas/openapi/ after one of a page's address
	$(BIN)/python -m schemas.write_asyncapi
	$(BIN)/python -m schemas.write_openapi

town: $(VENV)/run ## write the sample town's files after a change of its story
	$(BIN)/python -m scenery.town

lock: $(VENV)/dev ## resolve the lock files again
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-header --strip-extras --no-emit-options -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-header --strip-extras --no-emit-options --extra distributed --extra local --extra otel -o requirements-distributed.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-header --strip-extras --no-emit-options --extra desk --extra pdf --extra sdk --extra spreadsheet --extra archive -o requirements-desk.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-header --strip-extras --no-emit-options --extra dev --extra distributed --extra cose --extra desk --extra pdf --extra sdk --extra spreadsheet --extra archive --extra bench --extra local --extra otel -o requirements-dev.lock pyproject.toml

clean: ## remove what the other commands made, data folder apart
	rm -rf $(VENV) .tools build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.lock pyproject.toml scenery/pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable . --editable ./scenery
	@touch $@

$(VENV)/cluster: requirements-distributed.lock $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-distributed.lock
	@touch $@

$(VENV)/desk: requirements-desk.lock $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-desk.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock requirements-eark.lock $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-eark.lock
	@touch $@

$(OPA):
	deploy/local/install_opa.sh

$(PROMTOOL):
	deploy/local/install_prometheus.sh
