# One static file on an empty image, run by nobody in particular.
#
#   docker build -t wortley .
#   echo '!whohas discourse' | docker run -i --rm wortley demo
#   docker run -d --name wortley --restart on-failure -v wortley:/data \
#       -e WORTLEY_MATRIX_USER=@wortley:example.org -e WORTLEY_MATRIX_PASSWORD_FILE=/run/secrets/matrix … wortley
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG RELEASE=""
RUN CGO_ENABLED=0 go build -tags goolm -trimpath -ldflags "-s -w -X main.release=$RELEASE" -o /out/wortley ./cmd/wortley \
	&& mkdir -p /out/data /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/wortley /wortley
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV WORTLEY_DATA=/data
# Health is asked within the container. To show pages outside it, set
# WORTLEY_WEB_ADDR=0.0.0.0:8008 and publish the port to a reverse proxy.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/wortley", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/wortley"]
CMD ["run"]
