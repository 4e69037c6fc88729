import Access
import Foundation
@testable import Identity
import Synchronization
import TestSupport
import Testing
import Values

@Suite struct PasswordGuessesTests {
    private final class Order: Sendable { let numbers = Mutex<[Int]>([]) }

    private func isLimited(_ work: () async throws -> Void) async throws -> Bool {
        do {
            try await work()
            return false
        } catch let limit as RateLimitReached {
            #expect(limit.wait > .zero)
            return true
        } catch SignInError.wrongCredentials {
            return false
        }
    }

    @Test func `guesses from many addresses are few, and do not lock the owner out`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            var taken = 0
            for guess in 0..<1000 {
                let isRefused = try await isLimited {
                    _ = try await fixture.service.guesses.take(
                        at: "mei@people.example", from: "203.0.113.\(guess % 50)")
                }
                if !isRefused { taken += 1 }
            }

            #expect(taken <= 100)
            // From an address that has not been wrong about the account, however many others were.
            _ = try await fixture.signIn("mei", from: "198.51.100.7")
        }
    }

    @Test func `one address that guesses has to wait, at that account and then at all`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            func guess(_ account: String) async throws -> Bool {
                try await isLimited { _ = try await fixture.service.guesses.take(at: account, from: "203.0.113.9") }
            }

            for _ in 0..<5 { #expect(try await guess("mei@people.example") == false) }
            #expect(try await guess("mei@people.example"))
            for account in 0..<25 { _ = try await guess("account\(account)@people.example") }
            #expect(try await guess("another@people.example"))

            fixture.clock.advance(by: .minutes(1))
            #expect(try await guess("mei@people.example") == false)
        }
    }

    @Test func `a right password costs nothing`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            for _ in 0..<12 { _ = try await fixture.signIn("mei") }
        }
    }

    @Test func `of right passwords any number may come at once`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            try await withThrowingTaskGroup { group in
                for _ in 0..<12 { group.addTask { _ = try await fixture.signIn("mei") } }
                try await group.waitForAll()
            }
        }
    }

    @Test func `whoever waits for their turn gets it in order, and too many are told at once`() async throws {
        let turns = Turns(places: 3)
        let order = Order()
        let (begun, beginning) = AsyncStream<Void>.makeStream()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let (refusals, refusal) = AsyncStream<Void>.makeStream()

        try await withThrowingTaskGroup { group in
            group.addTask {
                try await turns.take(for: "a") {
                    beginning.finish()
                    for await _ in gate {}
                }
            }
            for await _ in begun {}
            for number in 0..<5 {
                group.addTask {
                    do {
                        try await turns.take(for: "a") { order.numbers.withLock { $0.append(number) } }
                    } catch SignInError.busy {
                        refusal.yield()
                    }
                }
            }
            for await _ in refusals.prefix(2) {}
            // Another key is another line.
            try await turns.take(for: "b") {}
            #expect(order.numbers.withLock { $0.isEmpty })
            opening.finish()
            try await group.waitForAll()
        }

        #expect(order.numbers.withLock { $0.count } == 3)
        try await turns.take(for: "a") {}
    }

    @Test func `the addresses of one IPv6 network count as one`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            for host in 1...5 {
                _ = try await fixture.service.guesses.take(at: "mei@people.example", from: "2001:db8:1:2::\(host)")
            }

            #expect(
                try await isLimited {
                    _ = try await fixture.service.guesses.take(
                        at: "mei@people.example", from: "2001:db8:1:2:ffff::9")
                })
        }
    }
}
