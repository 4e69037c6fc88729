package import Foundation
package import Postgres
import Values

/// What signing in leaves behind and nobody asks for any more.
package enum Leftovers {
    /// To be run as `convene_worker`, again and again.
    package static func statements(at now: Date) -> [SQL] {
        let yesterday = now.advanced(by: .zero - .hours(24))
        return [
            "DELETE FROM sign_in_links WHERE expires_at < \(yesterday)",
            OpenIDFlows.forget(before: now),
            // Every bucket is full again after so long.
            "DELETE FROM rate_limits WHERE filled_at < \(yesterday)",
        ]
    }
}
