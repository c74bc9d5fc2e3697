SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Every target is a command except one, whose name is a path.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: build ## Run the whole store: Postgres, Temporal, gateway, worker, api and storefront; Ctrl-C stops it
	@exec node dev/dist/main.js

# PORT is the port of the running store. WEB_PORT (default 5173) is the port to open in the browser.
web: node_modules/.package-lock.json ## Run the storefront with hot reload against a running `make dev`
	@npm run --silent dev -w services/web

# The environment must have the same DATA_DIR and ports as the running `make dev`.
restart: node_modules/.package-lock.json ## Rebuild and restart one program of a running `make dev`: make restart SERVICE=api (or worker, gateway)
	@npx --no-install tsc -b dev services/api services/worker
	@[ "$(SERVICE)" != worker ] || npm run --silent build -w services/worker
	@node dev/dist/restart.js "$(SERVICE)"

test: build ## Run every test on a throwaway Postgres and Temporal
	@npx --no-install jest

test-unit: node_modules/.package-lock.json ## Run the tests that need neither the shared servers nor a build, in under a minute
	@npx --no-install jest --selectProjects unit

# ONLY=declined,latency selects scenarios. With QUICK=true, the run takes two minutes and only checks that everything
# works. The store on DBOS is a separate package, which this target also installs and compiles.
bench: build ## Measure the store, the same store on DBOS and the floors, in turns: bench/results
	@npm ci --prefix bench/peers/dbos --no-audit --no-fund --loglevel=error && npm run --silent build --prefix bench/peers/dbos
	@node bench/dist/main.js

capacity: build ## Compute what 100, 1,000 and 10,000 orders a second need, from the last `make bench`
	@node bench/dist/capacity/main.js

# Optional: SEED, DURATION (seconds of load) and FAULTS (kinds of faults, separated by commas). With JUDGE, the folder
# of an earlier run, the target makes no new run: the oracle judges the earlier run again.
chaos: build ## Break everything under load and let the oracle judge: make chaos SEED=7 DURATION=180 FAULTS=kill,network
	@SEED=$${SEED:-$$(date +%s)} DURATION=$${DURATION:-180} npx --no-install jest tests/src/chaos/chaos.test.ts

# Optional: RATE (checkouts a second; measured by default) and DURATION (seconds of overload).
overload: build ## Load the store with ten times its rate for a minute: shows what it refuses, the cost, and the recovery
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/load/overload.run.ts'

# Optional: DURATION (seconds), RATE (checkouts a second) and SEED.
soak: build ## Load the store for an hour with light faults: memory, open runs and connections must stay flat
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/load/soak.run.ts'

screenshots: build ## Take the pictures of the documentation: docs/screenshots
	@SCREENSHOTS=docs/screenshots npx --no-install jest -i tests/src/storefront/states.test.ts tests/src/storefront/operationsPage.test.ts tests/src/storefront/operationsDemo.test.ts tests/src/storefront/productPages.test.ts tests/src/examples/receiptMail.test.ts

check: node_modules/.package-lock.json ## Check types, lint, import directions, formatting and unused code
	@npm run --silent check

# This target is not part of `make check` or `make test`, because Go needs minutes to compile promtool the first time.
alerts: build ## Check the Prometheus rules and configuration with promtool, which Go compiles the first time
	@node dev/dist/checkAlerts.js

# STRIPE_SECRET_KEY must be a test key (sk_test_… or rk_test_…). Without a key, the check reports that none is set, and
# succeeds.
stripe-check: build ## Run the checks that need Stripe itself, with a test key
	@node tests/programs/stripeCheck.js

# Run this target before the store has data: it also renames the database and the task queue, but moves no data.
rename: build ## Rename packages, metrics, database, task queue and chart: make rename NAME=tea-house
	@node dev/dist/rename.js "$(NAME)"
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@npx --no-install oxfmt

# docs/adapting.md lists the parts. `npm install` removes from package-lock.json what no package needs any more.
remove: build ## Delete what you do not need: make remove PART=bench
	@node dev/dist/remove.js "$(PART)"
	@npm install --no-audit --no-fund --loglevel=error
	@npx --no-install oxfmt

hooks: ## Install a hook that checks the formatting and lint of each commit
	@git config core.hooksPath .githooks

build: node_modules/.package-lock.json ## Compile the services, the storefront and the workflow bundle
	@npm run --silent build

migrate: build ## Migrate the database of DATABASE_URL and add the catalogue
	@node db/dist/migrate.js
	@node db/dist/seed.js

# TEMPORAL_ADDRESS and Temporal's other standard variables select the server. TEMPORAL_RETENTION_DAYS sets how long the
# server keeps closed runs.
temporal-setup: build ## Prepare the namespace on another Temporal server: create it, set its retention and search attributes
	@node services/worker/dist/setup/main.js

# This target is not part of `make test`, because Go needs minutes to compile the server the first time.
temporal-check: build ## Test setup and sales on a Temporal server like one in production: on Postgres, behind TLS
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/deployment/temporalCluster.run.ts'

# Needs Docker 20.10 or newer with Docker Compose 2. Like Docker Compose, the check reads COMPOSE_FILE. The next
# run removes what an interrupted run has left.
compose-check: node_modules/.package-lock.json ## Run docker-compose.yml on this machine's Docker: sell, upgrade, kill, restart, restore
	@docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1 || \
	  { echo 'make compose-check needs Docker and Docker Compose 2: see `docker info` and `docker compose version`' >&2; exit 1; }
	@npx --no-install jest --selectProjects unit --testMatch '**/composeCheck.run.ts' \
	  --forceExit \
	  --testPathIgnorePatterns /node_modules/ --reporters=./tests/stepReporter.js

# The manifests of our packages that are in the image. The Dockerfile has the same list.
image_manifests := $(addsuffix /package.json,contract runtime workflows activities db services/api services/worker services/web)

sbom: ## Print the third-party packages in the image, as CycloneDX
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	  tar cf - package.json package-lock.json .npmrc Makefile $(image_manifests) | tar xf - -C "$$folder" && \
	  $(MAKE) -C "$$folder" production-dependencies >&2 && cat "$$folder/sbom.json"

clean: ## Remove everything that was built or installed; the data of `make dev` stays in .data
	rm -rf coverage
	find . \( -name node_modules -o -name dist \) -type d -prune -exec rm -rf {} +
	find . -name '*.tsbuildinfo' -delete

# This target does not use `npm ci`, which refuses a lockfile that lacks the optional packages of another platform. The
# versions still come from the lockfile, and with --no-save the lockfile stays unchanged. npm writes the target's file
# last, so make repeats an interrupted installation.
node_modules/.package-lock.json: package.json package-lock.json
	npm install --no-save
	@touch $@

# The Dockerfile runs the targets below.
install: node_modules/.package-lock.json

# Creates an empty folder for the gateway's data. The Dockerfile copies the folder into the image and sets its owner.
gateway-data:
	@mkdir -p dev/dist/data

# Deletes the devDependencies from all manifests in the folder, so that `npm sbom` lists only packages for production.
# Also deletes tests/node_modules: npm installs packages there even if the manifest of `tests` is missing.
# With `npm sbom --omit=dev` instead, a production package such as hono would be missing from the list, because another
# manifest has it as a devDependency. The Temporal SDK has native libraries for five platforms, about 30 MB each. Only
# the library of this platform is kept.
production-dependencies:
	npm install --no-save --omit=dev
	rm -rf tests/node_modules
	rmdir tests 2>/dev/null || true
	npm pkg delete devDependencies --workspaces --include-workspace-root
	npm sbom --sbom-format=cyclonedx > sbom.json
	find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
	  ! -name "$$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +
