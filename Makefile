# One target for each thing you do with the store.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help dev web restart test test-unit bench capacity chaos overload soak screenshots check alerts stripe-check build migrate temporal-setup temporal-check sbom clean hooks install gateway-data production-dependencies

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: build ## Run the whole store: Postgres, Temporal, gateway, worker, api and storefront; Ctrl-C stops it
	@exec node dev/dist/main.js

# PORT is that of the running store, WEB_PORT (5173) the one to open in the browser.
web: node_modules/.package-lock.json ## Run the storefront with hot reload against a running `make dev`
	@npm run --silent dev -w services/web

# DATA_DIR and the ports must be those of the running `make dev`.
restart: node_modules/.package-lock.json ## Rebuild one program of a running `make dev` and restart it: make restart SERVICE=api (worker, gateway)
	@npx --no-install tsc -b dev services/api services/worker
	@[ "$(SERVICE)" != worker ] || npm run --silent build -w services/worker
	@node dev/dist/restart.js "$(SERVICE)"

test: build ## Run every test on a throwaway Postgres and Temporal
	@npx --no-install jest

test-unit: node_modules/.package-lock.json ## Run the tests that need no server and no build, in under a minute
	@npx --no-install jest --selectProjects unit

# ONLY=declined,latency runs some scenarios; QUICK=true shows in a minute or two whether everything runs. The peer's packages stay out of the product's.
bench: build ## Measure the store against the same store on DBOS and against the floor, in turns: bench/results
	@npm ci --prefix bench/peers/dbos --no-audit --no-fund --loglevel=error && npm run --silent build --prefix bench/peers/dbos
	@node bench/dist/main.js

capacity: build ## What 100, 1,000 and 10,000 orders a second need and what stops them, from the last `make bench`
	@node bench/dist/capacity/main.js

# SEED, DURATION (seconds of load) and FAULTS (families, with commas) may be given; JUDGE judges the folder of an earlier run.
chaos: build ## Break everything under load and let the oracle judge: make chaos SEED=7 DURATION=180 FAULTS=kill,network
	@SEED=$${SEED:-$$(date +%s)} DURATION=$${DURATION:-180} npx --no-install jest tests/src/chaos/chaos.test.ts

# RATE (checkouts a second; without it the machine's own is found) and DURATION (seconds of overload) may be given.
overload: build ## Ten times the rate that the store sustains, for a minute: what is shed, what it costs, how it recovers
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/load/overload.run.ts'

# DURATION (seconds), RATE (checkouts a second) and SEED may be given.
soak: build ## An hour of load with light faults: memory, open runs and connections must stay flat
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/load/soak.run.ts'

screenshots: build ## Take the pictures of the documentation again: docs/screenshots
	@SCREENSHOTS=docs/screenshots npx --no-install jest -i tests/src/storefront/states.test.ts tests/src/storefront/operationsPage.test.ts

check: node_modules/.package-lock.json ## Types, lint, import directions, formatting, unused code
	@npm run --silent check

# Not a part of `make check` or `make test`, because promtool takes minutes to compile where it is not cached yet.
alerts: build ## Check Prometheus's rules and configuration with its own promtool, compiled with Go the first time
	@node dev/dist/checkAlerts.js

# STRIPE_SECRET_KEY must be the key of a test (sk_test_… or rk_test_…); without one it says so and has not failed.
stripe-check: build ## Try with a test key what no stand-in for Stripe can show
	@node tests/programs/stripeCheck.js

hooks: ## Check formatting and lint of each commit before it is made, in two seconds
	@git config core.hooksPath .githooks

build: node_modules/.package-lock.json ## Compile the services, the storefront and the workflow bundle
	@npm run --silent build

migrate: build ## Bring the database of DATABASE_URL up to date and put the catalogue on sale
	@node db/dist/migrate.js
	@node db/dist/seed.js

# TEMPORAL_ADDRESS and the other standard variables say where; TEMPORAL_RETENTION_DAYS how long closed runs are kept there.
temporal-setup: build ## Prepare a namespace of a Temporal elsewhere: make it, its retention, its search attributes
	@node services/worker/dist/setup/main.js

# Not a part of `make test`, because the server takes minutes to compile where it is not cached yet.
temporal-check: build ## Set up and sell on the Temporal server of a production, on Postgres and behind TLS
	@npx --no-install jest --selectProjects servers --testMatch '**/tests/src/deployment/temporalCluster.run.ts'

# The packages of ours that the image holds, as the Dockerfile has them.
image_manifests := $(addsuffix /package.json,contract runtime workflows activities db services/api services/worker services/web)

sbom: ## Print what the image holds of other people's packages, as CycloneDX
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	  tar cf - package.json package-lock.json .npmrc Makefile $(image_manifests) | tar xf - -C "$$folder" && \
	  $(MAKE) -C "$$folder" production-dependencies >&2 && cat "$$folder/sbom.json"

clean: ## Remove what was built and installed; the data of `make dev` in .data stays
	rm -rf node_modules services/*/node_modules coverage
	find . -name dist -type d -prune -exec rm -rf {} +
	find . -name '*.tsbuildinfo' -delete

# `install` rather than `ci`: the latter refuses a lockfile without the optional packages of every platform. The versions are
# those of the lockfile all the same, and --no-save leaves it alone. npm writes the target last, so that an interrupted
# installation is done again.
node_modules/.package-lock.json: package.json package-lock.json
	npm install --no-save
	@touch $@

# The rest is what the Dockerfile runs.
install: node_modules/.package-lock.json

# An empty folder, for a COPY that gives it its owner.
gateway-data:
	@mkdir -p dev/dist/data

# In a folder with manifests alone, which it changes: without the devDependencies there, `npm sbom` lists what is installed
# and everything that is (its --omit=dev leaves out what is a devDependency of any package, such as hono). Of Temporal's native
# library, which comes for five platforms at about 30 MB each, only that of this platform stays.
production-dependencies:
	npm install --no-save --omit=dev
	npm pkg delete devDependencies --workspaces --include-workspace-root
	npm sbom --sbom-format=cyclonedx > sbom.json
	find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
	  ! -name "$$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +
