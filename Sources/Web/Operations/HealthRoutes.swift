import HTTP
import HTTPTypes
import Values

/// How the server is, for whoever runs it.
struct HealthRoutes: Sendable {
    let build: BuildInfo
    /// Whether requests can be served: the database answers.
    let isReady: @Sendable () async -> Bool
    let metrics: @Sendable () async -> String
    let metricsAccess: MetricsAccess

    private static let state = Schema.object([Schema.required("status", .enumeration(["ok", "unavailable"]))])

    private static let health = Schema.object([
        Schema.required("status", .enumeration(["ok"])), Schema.required("version", .text),
        Schema.required("commit", .text),
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/health", summary: "Whether the process is alive, and what it was built from.",
                tag: "Operations", access: .anyone, responses: [.json(.ok, Self.health, "It is.")]
            ) { _ in try .json(["status": "ok", "version": build.version, "commit": build.commit]) },
            Endpoint(
                method: .get, path: "/ready", summary: "Whether requests can be served.", tag: "Operations",
                access: .anyone,
                responses: [
                    .json(.ok, Self.state, "They can."),
                    .json(.serviceUnavailable, Self.state, "The database does not answer."),
                ]
            ) { _ in
                await isReady()
                    ? try .json(["status": "ok"])
                    : try .json(["status": "unavailable"], status: .serviceUnavailable, headers: [.retryAfter: "1"])
            },
            Endpoint(
                method: .get, path: "/metrics",
                summary: "Figures in Prometheus's text format, for who shows CONVENE_METRICS_TOKEN; "
                    + "without one, for programs on the same machine.", tag: "Operations",
                access: .anyone, responses: [.text(.ok, type: "text/plain", "The figures.")],
                problems: [.unauthorized, .notFound]
            ) { request in
                try metricsAccess.check(request)
                return .raw(await metrics().utf8, type: "text/plain; version=0.0.4; charset=utf-8")
            },
        ]
    }
}
