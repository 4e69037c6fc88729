import CoreMetrics
import Telemetry
import Testing

@Suite struct PrometheusMetricsTests {
    let metrics = PrometheusMetrics(seriesLimit: 3)

    @Test func `a counter ends in total and adds up over everybody who holds it`() async {
        metrics.makeCounter(label: "bookings", dimensions: [("kind", "gap_analysis")]).increment(by: 2)
        metrics.makeCounter(label: "bookings", dimensions: [("kind", "gap_analysis")]).increment(by: 1)

        let text = await metrics.render()
        #expect(text == "# TYPE bookings_total counter\nbookings_total{kind=\"gap_analysis\"} 3\n")
    }

    @Test func `a counter never falls`() async {
        let bytes = metrics.makeFloatingPointCounter(label: "bytes", dimensions: [])
        bytes.increment(by: 1.5)
        bytes.increment(by: -1)
        bytes.increment(by: .nan)

        #expect(await metrics.render().contains("bytes_total 1.5\n"))
    }

    @Test func `a timer becomes a histogram in seconds whose buckets include the quicker ones`() async {
        let timer = metrics.makeTimer(label: "http.server.request.duration", dimensions: [("http.route", "/health")])
        for milliseconds: Int64 in [1, 30, 400, 90_000] { timer.recordNanoseconds(milliseconds * 1_000_000) }

        let lines = await metrics.render().split(separator: "\n")
        let name = "http_server_request_duration_seconds"
        #expect(lines.first == "# TYPE \(name) histogram")
        #expect(lines.contains("\(name)_bucket{http_route=\"/health\",le=\"0.001\"} 1"))
        #expect(lines.contains("\(name)_bucket{http_route=\"/health\",le=\"0.05\"} 2"))
        #expect(lines.contains("\(name)_bucket{http_route=\"/health\",le=\"60\"} 3"))
        #expect(lines.contains("\(name)_bucket{http_route=\"/health\",le=\"+Inf\"} 4"))
        #expect(lines.contains("\(name)_sum{http_route=\"/health\"} 90.431"))
        #expect(lines.contains("\(name)_count{http_route=\"/health\"} 4"))
    }

    @Test func `a recorder is a gauge, or a count and a sum when it aggregates`() async {
        metrics.makeRecorder(label: "pool.size", dimensions: [], aggregate: false).record(Int64(8))
        let rows = metrics.makeRecorder(label: "rows", dimensions: [], aggregate: true)
        rows.record(2.5)
        rows.record(Int64(4))

        let text = await metrics.render()
        #expect(text.contains("# TYPE pool_size gauge\npool_size 8\n"))
        #expect(text.contains("# TYPE rows summary\nrows_sum 6.5\nrows_count 2\n"))
    }

    @Test func `a meter goes up and down`() async {
        let active = metrics.makeMeter(label: "active", dimensions: [])
        active.increment(by: 3)
        active.decrement(by: 1)

        #expect(await metrics.render() == "# TYPE active gauge\nactive 2\n")
    }

    @Test func `label values cannot break out of their quotes`() async {
        metrics.makeCounter(label: "x", dimensions: [("path", "a\"b\\c\nd")]).increment(by: 1)

        #expect(await metrics.render().contains(#"x_total{path="a\"b\\c\nd"} 1"#))
    }

    @Test(arguments: [("9 lives", "_9_lives"), ("größe", "gr__e"), ("a:b.c-d", "a:b_c_d"), ("", "_")])
    func `names become valid`(label: String, name: String) async {
        metrics.makeMeter(label: label, dimensions: [("le", "1"), ("a.b", "2")]).set(Int64(1))

        #expect(await metrics.render().contains("\n\(name){a_b=\"2\",label_le=\"1\"} 1\n"))
    }

    @Test func `label sets beyond the limit are counted together`() async {
        for number in 1...100 {
            metrics.makeCounter(label: "hits", dimensions: [("path", "/\(number)")]).increment(by: 1)
        }

        let lines = await metrics.render().split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.contains("hits_total{path=\"other\"} 97"))
    }

    @Test func `one name is never two kinds of metric`() async {
        metrics.makeMeter(label: "clash", dimensions: [("a", "1")]).set(Int64(1))
        metrics.makeRecorder(label: "clash", dimensions: [("a", "2")], aggregate: true).record(Int64(2))

        #expect(await metrics.render() == "# TYPE clash gauge\nclash{a=\"1\"} 1\n")
    }

    @Test func `a destroyed metric is gone`() async {
        let counter = metrics.makeCounter(label: "x", dimensions: [])
        metrics.destroyCounter(counter)

        #expect(await metrics.render() == "")
    }

    @Test func `an observed gauge is read at each scrape, and left out when it cannot be read`() async {
        struct Unreachable: Error {}
        metrics.observe("queue_depth", "Jobs that wait.", labels: [("queue", "mail")]) { 3 }
        metrics.observe("queue_depth", "Jobs that wait.", labels: [("queue", "push")]) { throw Unreachable() }
        metrics.observe("a_first", "Sorted by name.") { .infinity }

        let expected = """
            # HELP a_first Sorted by name.
            # TYPE a_first gauge
            a_first +Inf
            # HELP queue_depth Jobs that wait.
            # TYPE queue_depth gauge
            queue_depth{queue="mail"} 3

            """
        #expect(await metrics.render() == expected)
    }

    @Test func `counting from many tasks loses nothing`() async {
        await withTaskGroup { group in
            for _ in 1...8 {
                group.addTask { [metrics] in
                    for _ in 1...1000 { metrics.makeCounter(label: "x", dimensions: []).increment(by: 1) }
                }
            }
        }

        #expect(await metrics.render().contains("x_total 8000\n"))
    }

    @Test func `the process tells its memory`() async {
        metrics.observeProcess()

        let line = await metrics.render().split(separator: "\n").first {
            $0.hasPrefix("process_resident_memory_bytes ")
        }
        #expect(Double(line?.split(separator: " ").last ?? "") ?? 0 > 1_000_000)
    }
}
