// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// What other packages give us, named once.
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let services: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

func target(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "convene",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "convene", targets: ["convene"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // C libraries from the system.
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Infrastructure.
        target("Values", ["CIDN2"], resources: [.copy("zone-names.txt")]),
        target("Postgres", ["CLibpq", "Values", logging, services]),
        target("PrivatePostgres", ["Values", logging, services]),
        target("Secrets", ["Values", crypto]),
        target(
            "Schema", ["Postgres", "Secrets"],
            resources: [.copy("Migrations"), .copy("Routines"), .copy("Invariants")]),
        target("Outgoing", ["CCurl", "Values"]),
        target("Telemetry", ["Values", logging, coreMetrics]),

        // Who asks, as every context sees them.
        target("Access", ["Postgres", "Values"]),

        // What outlives a crash.
        target("Durable", ["Access", "Postgres", "Secrets", "Values", logging, metrics, services]),

        // Bounded contexts.
        target(
            "Identity",
            ["Access", "CArgon2", "Durable", "Outgoing", "Postgres", "Secrets", "Values", crypto, jwt]),
        target("Audit", ["Access", "Durable", "Postgres", "Values", logging, services]),
        target("Branding", ["Access", "Postgres", "Values"]),
        target("Calendars", ["Access", "Postgres", "Values"]),
        target("Registry", ["Postgres", "Values"]),
        target("Meetings", ["Access", "Outgoing", "Postgres", "Secrets", "Values"]),
        target("Provisioning", ["Access", "Durable", "Meetings", "Postgres", "Values", logging, metrics]),
        target(
            "Sessions",
            [
                "Access", "Calendars", "Durable", "Identity", "Meetings", "Postgres", "Provisioning", "Registry",
                "Values",
            ]),
        target(
            "Notifications",
            [
                "Access", "Branding", "Durable", "Identity", "Outgoing", "Postgres", "Secrets", "Sessions", "Values",
                logging, mustache, services,
            ],
            resources: [.copy("Templates")]),

        // The outside: HTTP, the simulators for the providers, and what puts it all together.
        target(
            "HTTP",
            [
                "Access", "CZlib", "Values", crypto, httpTypes, hummingbird, hummingbirdCore, logging, metrics, nioCore,
                nioHTTP1,
            ]),
        target(
            "Web",
            [
                "Access", "Audit", "Branding", "CQREncode", "Calendars", "HTTP", "Identity", "Meetings",
                "Notifications", "Provisioning", "Secrets", "Sessions", "Values", crypto, httpTypes, hummingbird,
                hummingbirdCore,
                logging, metrics, mustache, nioCore,
            ], resources: [.copy("Resources")]),
        target(
            "Simulators",
            ["Outgoing", "Values", crypto, cryptoExtras, httpTypes, hummingbird, logging, nioCore, services]),
        target(
            "App",
            [
                "Access", "Audit", "Branding", "Calendars", "Durable", "HTTP", "Identity", "Meetings", "Notifications",
                "Outgoing", "Postgres", "PrivatePostgres", "Provisioning", "Schema", "Secrets", "Sessions",
                "Simulators", "Telemetry", "Values", "Web", configuration, crypto, hummingbird, logging, metrics,
                services, unixSignals,
            ]),
        .executableTarget(
            name: "convene", dependencies: ["App", "Values", arguments], swiftSettings: settings,
            plugins: ["StampCommit"]),
        .plugin(name: "StampCommit", capability: .buildTool()),

        // Tests, one target for each target that has something to prove without the whole server.
        .target(
            name: "TestSupport",
            dependencies: ["Meetings", "Postgres", "PrivatePostgres", "Schema", "Values", logging],
            path: "Tests/TestSupport", swiftSettings: settings),
        tests("ValuesTests", ["Values"]),
        tests("PostgresTests", ["Postgres", "PrivatePostgres", "Schema", "TestSupport", "Values", logging, services]),
        tests("DurableTests", ["Access", "Durable", "Postgres", "TestSupport", "Values"]),
        tests("SecretsTests", ["Secrets", "TestSupport", "Values"]),
        tests("SchemaTests", ["Postgres", "Schema", "Secrets", "TestSupport", "Values"]),
        tests("OutgoingTests", ["Outgoing", "TestSupport", nioCore, nioPosix]),
        tests(
            "MeetingsTests",
            [
                "Access", "Meetings", "Outgoing", "Postgres", "Secrets", "Simulators", "TestSupport", "Values",
                httpTypes, hummingbird, logging, nioCore, services,
            ]),
        tests("TelemetryTests", ["Telemetry", coreMetrics, logging]),
        tests("ProvisioningTests", ["Durable", "Meetings", "Postgres", "Provisioning", "TestSupport", "Values"]),
        tests(
            "SessionsTests",
            [
                "Access", "Calendars", "Durable", "Identity", "Meetings", "Postgres", "Provisioning", "Schema",
                "Secrets", "Sessions", "TestSupport", "Values", logging,
            ]),
        tests("CalendarsTests", ["Calendars", "Values"]),
        tests("IdentityTests", ["Access", "Identity", "Postgres", "Secrets", "TestSupport", "Values"]),
        tests("AuditTests", ["Access", "Audit", "Durable", "Postgres", "Schema", "TestSupport", "Values"]),
        tests("BrandingTests", ["Branding", "Values"]),
        tests(
            "NotificationsTests",
            [
                "Access", "Branding", "Durable", "Identity", "Notifications", "Outgoing", "Postgres", "Secrets",
                "TestSupport", "Values",
            ]),
        tests("HTTPTests", ["Access", "HTTP", "Values", httpTypes, hummingbird, logging, nioCore, nioEmbedded]),
        tests(
            "WebTests",
            [
                "Durable", "HTTP", "Meetings", "Notifications", "Outgoing", "Provisioning", "TestSupport", "Values",
                "Web",
            ]),
        tests("AppTests", ["Access", "App", "Sessions", "Values"]),
    ]
)
