# The gateway, without what is needed only to build it.
FROM node:24-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsup.config.ts merge-chunks.ts ./
COPY src ./src
RUN npm run build:js && npm prune --omit=dev --ignore-scripts && npm install --no-save --ignore-scripts ioredis@6

FROM node:24-alpine
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8787/health').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Beyond this machine the server asks for keys: give it MODELMUX_KEYS or MODELMUX_ADMIN_KEY.
ENTRYPOINT ["node", "dist/cli.js", "serve", "--host", "0.0.0.0", "--port", "8787"]
