# docs/install.md says how to build and run this.
FROM debian:trixie-slim AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates-java default-jdk-headless maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /tinderbox
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./run.sh deb && mv target/*.deb /tinderbox.deb

FROM debian:trixie-slim
# The number is the same in each image, since the files of the volume have it.
# hadolint ignore=DL3008
RUN --mount=type=bind,from=build,source=/tinderbox.deb,target=/tinderbox.deb \
    useradd --uid 10001 --home-dir /var/lib/tinderbox --no-create-home --shell /usr/sbin/nologin tinderbox \
    && apt-get update \
    && apt-get install -y --no-install-recommends curl /tinderbox.deb \
    && rm -rf /var/lib/apt/lists/* \
    && tinderbox warm
ENV JAVA_OPTS=-XX:MaxRAMPercentage=50 TINDERBOX_DATA_DIR=/var/lib/tinderbox
USER 10001
WORKDIR /var/lib/tinderbox
VOLUME /var/lib/tinderbox
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/livez"]
ENTRYPOINT ["tinderbox"]
CMD ["serve", "--host", "0.0.0.0", "--insecure-http"]
