# One image for migrate, api and worker, and one for the sandbox payment gateway; docker-compose.yml says what a container is.
# Debian rather than Alpine: the Temporal worker's native library is built for glibc. It is built on the whole image, which has
# make, and runs on the slim one. Every RUN is a make target, so that all of it runs in the tests too, which have no container
# engine (tests/src/deployment/image.test.ts).
FROM node:24.18.0-bookworm AS manifests
WORKDIR /app
# The manifests alone, so that a change in the source does not install everything again. Those of dev, tests and bench
# come later: a workspace that is not there is not installed, and that keeps all that only they need out of the image.
COPY package.json package-lock.json .npmrc Makefile ./
COPY contract/package.json contract/
COPY runtime/package.json runtime/
COPY workflows/package.json workflows/
COPY activities/package.json activities/
COPY db/package.json db/
COPY services/api/package.json services/api/
COPY services/worker/package.json services/worker/
COPY services/web/package.json services/web/

FROM manifests AS build
COPY dev/package.json dev/
COPY tests/package.json tests/
COPY bench/package.json bench/
RUN --mount=type=cache,target=/root/.npm make install
COPY . .
# With the cache, because make installs again where the files of the checkout are newer than the layer above.
RUN --mount=type=cache,target=/root/.npm make build
RUN make gateway-data

FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm make production-dependencies

FROM manifests AS gateway-dependencies
COPY dev/package.json dev/
RUN --mount=type=cache,target=/root/.npm make production-dependencies

# Stands in for a payment gateway where there is none yet. Nothing of it is in the image of the store.
FROM node:24.18.0-bookworm-slim AS gateway
ENV NODE_ENV=production
WORKDIR /app
COPY --from=gateway-dependencies /app/node_modules node_modules
COPY --from=build /app/contract/package.json contract/
COPY --from=build /app/contract/dist contract/dist
COPY --from=build /app/runtime/package.json runtime/
COPY --from=build /app/runtime/dist runtime/dist
COPY --from=build /app/dev/gateway dev/gateway
COPY --from=build /app/dev/dist dev/dist
# Empty. A volume that is mounted here begins with this owner.
COPY --from=build --chown=1000:1000 /app/dev/dist/data /data
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GATEWAY_PORT ?? 3002}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dev/dist/gateway/main.js"]

FROM node:24.18.0-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /app/contract/dist contract/dist
COPY --from=build /app/workflows/dist workflows/dist
COPY --from=build /app/activities/dist activities/dist
COPY --from=build /app/db/dist db/dist
COPY --from=build /app/db/migrations db/migrations
COPY --from=build /app/runtime/dist runtime/dist
COPY --from=build /app/services/api/dist services/api/dist
COPY --from=build /app/services/worker/dist services/worker/dist
COPY --from=build /app/services/web/dist services/web/dist
# Every file above belongs to root: the program can read its own code and not change it. A number, because Kubernetes can
# only tell from a number that it is not root.
USER 1000:1000
# A container runs one program, and only one of the two ports is its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "Promise.any([process.env.PORT ?? 3000, process.env.WORKER_PORT ?? 3001].map((port) => fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.ok || Promise.reject(r)))).then(() => process.exit(0), () => process.exit(1))"]
# Worker, migration and seed are services/worker/dist/main.js, db/dist/migrate.js and db/dist/seed.js.
CMD ["node", "services/api/dist/main.js"]
