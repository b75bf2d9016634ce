# syntax=docker/dockerfile:1

# ---- build ----
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# The registry and the target folder live in cache mounts: a build after a change compiles what changed, not 400 crates.
# Queries are checked against .sqlx: no database is needed here. Without features: `kazi demo` and `kazi bench` are for developers.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,sharing=locked \
    SQLX_OFFLINE=true cargo build --release --locked --no-default-features --bin kazi \
    && cp target/release/kazi /kazi && mkdir -p /media

# ---- the image: glibc, certificates, time zones and one program; no shell, no package manager, not root ----
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /kazi /usr/local/bin/kazi
# A volume here gets this owner. Copied, because the image has no shell.
COPY --from=build --chown=nonroot:nonroot /media /var/lib/kazi/media
# In a container all interfaces; whoever publishes the port decides who reaches it.
ENV KAZI_HTTP__BIND=0.0.0.0:8080
EXPOSE 8080
# SIGTERM: jobs in hand are finished or handed back.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["kazi", "doctor", "--ready"]
ENTRYPOINT ["kazi"]
CMD ["run"]
