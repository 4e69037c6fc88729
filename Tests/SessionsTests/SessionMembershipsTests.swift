import TestSupport
import Access
import Foundation
import Identity
import Postgres
import Testing
import Values

@testable import Sessions

@Suite struct SessionMembershipsTests {
    @Test(arguments: SessionKind.allCases)
    func `an upcoming session of any kind passes on, and is listed for those who teach or attend it`(
        _ kind: SessionKind
    ) async throws {
        try await Convene.run { convene in
            let session = try await convene.book(convene.booking(kind))
            let database = convene.database.app.acting(as: convene.counselor)
            let memberships = SessionMemberships()

            let listed = try await database.rows(
                memberships.commitments(of: convene.ada, exceptAs: nil, after: convene.clock.now), as: Commitment.self)
            #expect(listed.map(\.id) == [session.uuid])
            let others = try await database.rows(
                memberships.commitments(of: convene.ben, exceptAs: nil, after: convene.clock.now), as: Commitment.self)
            #expect(others.map(\.id) == (kind.hasRoster ? [session.uuid] : []))

            var passed = 0
            for statement in memberships.handOver(from: convene.counselor.user, to: convene.mentor) {
                passed += try await database.run(statement)
            }
            #expect(passed == 1)
        }
    }
}
