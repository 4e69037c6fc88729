import Foundation

extension PrometheusMetrics {
    /// Adds what Prometheus' own client libraries tell of the process they live in, read from `/proc`.
    package func observeProcess() {
        let started = Date().timeIntervalSince1970
        observe("process_start_time_seconds", "Start of the process, in seconds since 1970.") { started }
        observe("process_resident_memory_bytes", "Memory of the process in use, without PostgreSQL's.") {
            // Fields: size, resident, shared …, in pages (man 5 proc_pid_statm).
            let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            guard fields.count > 1, let pages = Double(fields[1]) else { throw CocoaError(.fileReadCorruptFile) }
            return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        }
        observe("process_open_fds", "Open file descriptors.") {
            Double(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count)
        }
    }
}
