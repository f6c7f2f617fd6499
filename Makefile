# Everything here is one go command; make only saves typing.
.PHONY: demo build test update check slow image

demo:
	go run -tags goolm ./cmd/wortley demo

build:
	CGO_ENABLED=0 go build -tags goolm -trimpath ./cmd/wortley

test:
	go test -tags goolm ./...

# Rewrites what the bot says in the conversation files: read the difference.
update:
	go test -tags goolm ./commands/... ./bot/bottest ./storage ./cmd/wortley -update

check:
	.ci/run

slow:
	.ci/slow

image:
	docker build -t wortley .
