// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "engraft-benchmarks",
    dependencies: [
        .package(name: "engraft", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        // One named workload on given files, for peers/compare.py
        .executableTarget(
            name: "peer-run",
            dependencies: [
                .product(name: "Imaging", package: "engraft"), .product(name: "PET", package: "engraft"),
                .product(name: "Tremor", package: "engraft"),
            ]),
        // Each workload beside its plain loop: swift package --disable-sandbox benchmark. The plugin wants the target's folder
        // to be inside one called Benchmarks.
        .executableTarget(
            name: "EngraftBenchmarks",
            dependencies: [
                .product(name: "Imaging", package: "engraft"), .product(name: "PET", package: "engraft"),
                .product(name: "Tremor", package: "engraft"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Suite",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
