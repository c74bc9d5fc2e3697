# One image for migrate, api and worker, and one for the sandbox payment gateway; docker-compose.yml says what a container is.
# Debian rather than Alpine: the Temporal worker's native library is built for glibc.
FROM node:24.18.0-bookworm-slim AS manifests
WORKDIR /app
# The manifests alone, so that a change in the source does not install everything again. Those of dev and tests come
# later: a workspace that is not there is not installed, and that keeps all that only they need out of the image.
COPY package.json package-lock.json .npmrc ./
COPY workflows/package.json workflows/
COPY activities/package.json activities/
COPY db/package.json db/
COPY services/runtime/package.json services/runtime/
COPY services/api/package.json services/api/
COPY services/worker/package.json services/worker/
COPY services/web/package.json services/web/

FROM manifests AS build
COPY dev/package.json dev/
COPY tests/package.json tests/
COPY bench/package.json bench/
# As in the Makefile, which says why it is not `npm ci`.
RUN --mount=type=cache,target=/root/.npm npm install --no-save
COPY . .
# The command of `make build`: the same type check, storefront and workflow bundle as outside a container.
RUN npm run build

FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm npm install --no-save --omit=dev
# Temporal's native library comes for five platforms, about 30 MB each; the image runs on one.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

# Stands in for a payment gateway where there is none yet. Nothing of it is in the image of the store.
FROM node:24.18.0-bookworm-slim AS gateway
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/workflows/package.json workflows/
COPY --from=build /app/workflows/dist workflows/dist
COPY --from=build /app/services/runtime/package.json services/runtime/
COPY --from=build /app/services/runtime/dist services/runtime/dist
COPY --from=build /app/dev/gateway dev/gateway
COPY --from=build /app/dev/dist dev/dist
# A volume that is mounted here begins with this owner.
RUN mkdir /data && chown node:node /data
USER node

FROM node:24.18.0-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /app/workflows/dist workflows/dist
COPY --from=build /app/activities/dist activities/dist
COPY --from=build /app/db/dist db/dist
COPY --from=build /app/db/migrations db/migrations
COPY --from=build /app/services/runtime/dist services/runtime/dist
COPY --from=build /app/services/api/dist services/api/dist
COPY --from=build /app/services/worker/dist services/worker/dist
COPY --from=build /app/services/web/dist services/web/dist
# Every file above belongs to root: the program can read its own code and not change it.
USER node
