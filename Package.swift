// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "engraft",
    products: [
        .executable(name: "engraft", targets: ["engraft"]),
        .library(name: "Imaging", targets: ["Imaging"]),
        .library(name: "PET", targets: ["PET"]),
        .library(name: "Tremor", targets: ["Tremor"]),
        .library(name: "Outcomes", targets: ["Outcomes"]),
        .library(name: "Review", targets: ["Review"]),
        .library(name: "Phantoms", targets: ["Phantoms"]),
        .library(name: "Statistics", targets: ["Statistics"]),
        .library(name: "Ledger", targets: ["Ledger"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // The command line
        .executableTarget(
            name: "engraft",
            dependencies: [
                "Records", "Imaging", "PET", "Tremor", "Outcomes", "Review", "Phantoms", "Statistics", "Ledger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // What people look at
        .target(
            name: "Review",
            dependencies: [
                "Records", "Imaging", "PET", "Tremor", "Outcomes", "CPNG", "CCairo",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Templates")]),

        // What is computed
        .target(
            name: "Outcomes",
            dependencies: [
                "Records", "Imaging", "PET", "Tremor", "Statistics", .product(name: "Yams", package: "Yams"),
                .product(name: "BigInt", package: "BigInt"),
            ],
            resources: [.embedInCode("Studies"), .embedInCode("Tables")]),
        .target(name: "Phantoms", dependencies: ["Records", "Imaging", "PET", "Tremor", "Statistics"]),
        .target(name: "PET", dependencies: ["Records", "Fitting", "Imaging", "CKernels"]),
        .target(name: "Imaging", dependencies: ["Records", "Fitting", "CKernels", "CDeflate", "CISAL", "CDICOM"]),
        .target(name: "Tremor", dependencies: ["Records", "CKernels", "CFFTW", "CZip"]),
        .target(name: "Statistics", dependencies: ["Records", "Fitting", "CBoost"]),
        .target(name: "Ledger", dependencies: ["Records", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Fitting", dependencies: ["CLAPACK", "CMinpack", "CNLopt"]),
        .target(name: "Records", dependencies: ["CCrypto"]),

        // C: our kernels and shims, and the system's libraries
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "CDICOM",
            linkerSettings: ["dcmjpeg", "dcmimgle", "dcmdata", "oflog", "ofstd", "openjp2", "charls"]
                .map { .linkedLibrary($0) }),
        .target(name: "CBoost"),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
        .target(name: "CISAL", linkerSettings: [.linkedLibrary("isal")]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
        .systemLibrary(name: "CMinpack", pkgConfig: "cminpack", providers: [.apt(["libcminpack-dev"])]),
        .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Tests
        .target(name: "TestSupport", dependencies: ["Records"], path: "Tests/TestSupport"),
        .testTarget(name: "RecordsTests", dependencies: ["Records", "TestSupport"]),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "Records", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(name: "FittingTests", dependencies: ["Fitting"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "Fitting", "Records", "TestSupport"]),
        .testTarget(
            name: "ImagingTests", dependencies: ["Imaging", "Records", "CKernels", "TestSupport"], exclude: ["Golden"]),
        .testTarget(
            name: "PETTests", dependencies: ["PET", "Imaging", "Fitting", "Records", "TestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "TremorTests", dependencies: ["Tremor", "CKernels", "Records", "TestSupport"], exclude: ["Golden"]),
        .testTarget(
            name: "OutcomesTests",
            dependencies: ["Outcomes", "Statistics", "PET", "Tremor", "Imaging", "Records", "TestSupport"]),
        .testTarget(
            name: "ReviewTests",
            dependencies: ["Review", "Outcomes", "PET", "Tremor", "Imaging", "Records", "TestSupport"]),
        .testTarget(
            name: "PhantomsTests",
            dependencies: ["Phantoms", "PET", "Tremor", "Imaging", "Statistics", "Records", "TestSupport"]),
        .testTarget(
            name: "EngraftTests", dependencies: ["engraft", "Imaging", "PET", "Statistics", "Records", "TestSupport"],
            exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
