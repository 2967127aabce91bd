# Everything a newcomer types. Needs Debian 12 and Swift 6.1 or later; the rest is installed from .ci/debian-packages.

PACKAGES := $(shell cat .ci/debian-packages)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
BUILD := swift build -c release --explicit-target-dependency-import-check error

.PHONY: demo test build packages lint fuzz docs samples benchmark clean

demo: build            ## install, build, take the sample patient through everything
	.build/release/engraft demo --force

test: packages         ## install, build, run all tests
	$(BUILD) --build-tests
	swift test -c release --skip-build

build: packages        ## install what is missing, build the release binary
	$(BUILD) --product engraft

packages:              ## install the Debian packages that are missing
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends $$missing; fi

lint:                  ## style of the sources
	swift format lint --strict -r Sources Tests Benchmarks/Sources Benchmarks/Suite Package.swift Benchmarks/Package.swift

fuzz: packages         ## damaged files for each reader, or TARGET=NIfTI, for SECONDS=60 each
	Tests/Fuzz/run "$(TARGET)" $(or $(SECONDS),60)

docs: build            ## make docs/validation.md anew
	.build/release/engraft selftest --trials 1000 --markdown > docs/validation.md

samples: build         ## make sample-scans anew
	.build/release/engraft phantom patient --out sample-scans --force

benchmark:             ## our benchmarks, and the same work in other tools
	cd Benchmarks && swift package --disable-sandbox benchmark
	python3 Benchmarks/peers/compare.py

clean:
	rm -rf .build Benchmarks/.build Tests/Fuzz/.build
