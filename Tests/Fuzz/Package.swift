// swift-tools-version: 6.1
import PackageDescription

// A package of its own: everything in it, the readers included, is compiled for libFuzzer. `make fuzz` builds and runs it.
let package = Package(
    name: "engraft-fuzz",
    dependencies: [.package(name: "engraft", path: "../..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [.product(name: "Imaging", package: "engraft"), .product(name: "Tremor", package: "engraft")])
    ],
    swiftLanguageModes: [.v6]
)
