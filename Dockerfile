# The worker and the command line: `docker run kafka-upgrade worker`, `docker run kafka-upgrade status orders-prod`.

FROM node:22-bookworm-slim AS build
WORKDIR /build
# Packages first: they change less often than the sources.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
# The workflows are bundled now, so that every worker of this image runs the same code, and starts faster.
RUN npm run build && npm run bundle

FROM node:22-bookworm-slim
ENV NODE_ENV=production
# Certificates for a Temporal server behind TLS; openssh-client is not needed, SSH is spoken by the worker itself.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/kafka-upgrade
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY --from=build /build/dist dist
# The image's own unprivileged user; mounted keys have to be readable for uid 1000.
USER node
ENTRYPOINT ["node", "--enable-source-maps", "/opt/kafka-upgrade/dist/cli/main.js"]
CMD ["worker"]
