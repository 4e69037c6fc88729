import Values

/// Why a job failed, as far as the queue can tell.
package enum JobReason: String, ExplanationCode {
    /// Its workers did not come back.
    case abandoned = "job_abandoned"
    /// By an error that nobody explains: its own words are for those who look after the server.
    case failed = "job_failed"

    package var arguments: Set<String> {
        switch self {
        case .abandoned: ["times"]
        case .failed: ["error"]
        }
    }
}

extension Explanation {
    static func whatFailed(_ error: any Error) -> Explanation {
        (error as? any Explained)?.explanation
            ?? Explanation(JobReason.failed, ["error": .foreign("\(error)", longest: 500)])
    }
}
