import HTTP
import HTTPTypes
import Synchronization
import Values

/// How many event streams are open, by person: each stays for hours, and reads the feed again when it begins.
final class StreamLimit: Sendable {
    /// Given back when nobody holds it any more, however the stream ended or was never begun.
    final class Ticket: Sendable {
        private let limit: StreamLimit
        private let person: UserID

        fileprivate init(_ limit: StreamLimit, _ person: UserID) {
            self.limit = limit
            self.person = person
        }

        deinit { limit.giveBack(person) }
    }

    private let perPerson: Int
    private let most: Int
    private let taken = Mutex<(all: Int, by: [UserID: Int])>((0, [:]))

    /// - Parameter perPerson: 0 for no limit.
    init(perPerson: Int, most: Int) {
        self.perPerson = perPerson
        self.most = most
    }

    /// - Throws: a 429 problem when that person has too many open, and a 503 problem when all have.
    func take(for person: UserID) throws(Problem) -> Ticket {
        let problem: Problem? = taken.withLock { taken in
            if perPerson > 0, taken.by[person, default: 0] >= perPerson { return .tooManyStreams(perPerson) }
            if taken.all >= most { return .noRoomForStreams }
            taken.all += 1
            taken.by[person, default: 0] += 1
            return nil
        }
        if let problem { throw problem }
        return Ticket(self, person)
    }

    private func giveBack(_ person: UserID) {
        taken.withLock { taken in
            taken.all -= 1
            let left = taken.by[person, default: 0] - 1
            taken.by[person] = left > 0 ? left : nil
        }
    }
}

extension Problem {
    fileprivate static func tooManyStreams(_ limit: Int) -> Problem {
        Problem(
            status: .tooManyRequests, code: "too_many_streams", title: "Too many streams",
            detail: "You have \(limit) event streams open, which is as many as one person may. Close one of them.",
            retryAfterSeconds: 10)
    }

    fileprivate static let noRoomForStreams = Problem(
        status: .serviceUnavailable, code: "unavailable", title: "Busy",
        detail: "No more event streams can be opened now. Ask for what you show again in a while.",
        retryAfterSeconds: 10)
}
