# The target `runtime` is the image of migration, api and worker. The target `gateway` is the sandbox payment gateway.
# The base is Debian, because the native library of the Temporal worker needs glibc. The build uses the full image, which
# has make, and the result uses the slim image. Every RUN is a make target, so that tests/src/deployment/image.test.ts can
# run it without a container engine.
FROM node:24.18.0-bookworm AS manifests
WORKDIR /app
# Only manifests are copied, so that a change of the source does not repeat the installation. The manifests of dev,
# tests and bench are not among them, so npm does not install packages that only these need.
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
# This step needs the npm cache too: make repeats the installation if files of the repository are newer than the layer above.
RUN --mount=type=cache,target=/root/.npm make build
RUN make gateway-data

FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm make production-dependencies

FROM manifests AS gateway-dependencies
COPY dev/package.json dev/
RUN --mount=type=cache,target=/root/.npm make production-dependencies

# The sandbox payment gateway. The store's image contains none of the gateway's code.
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
# An empty folder. A new volume that is mounted at /data gets the owner of this folder.
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
# Root owns the files above, so the program cannot change its own code. A numeric user lets Kubernetes
# verify `runAsNonRoot`.
USER 1000:1000
# The check asks both ports, because the same image runs as api or as worker.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "Promise.any([process.env.PORT ?? 3000, process.env.WORKER_PORT ?? 3001].map((port) => fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.ok || Promise.reject(r)))).then(() => process.exit(0), () => process.exit(1))"]
# The other programs are services/worker/dist/main.js, db/dist/migrate.js and db/dist/seed.js.
CMD ["node", "services/api/dist/main.js"]
