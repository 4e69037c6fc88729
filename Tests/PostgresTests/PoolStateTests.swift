import Foundation
import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    private let now = Date(timeIntervalSince1970: 0)
    private var state = PoolState(size: 2)

    @Test mutating func `a connection is made when one is wanted, and lent when it is there`() {
        #expect(state.ask(1, at: now) == [.connect(number: 1, after: .zero)])
        #expect(state.connected(1) == [.lend(connection: 1, to: 1)])
        #expect(state.load == PoolLoad(open: 1, busy: 1, waiting: 0))
    }

    @Test mutating func `a returned connection is lent again instead of a new one`() {
        open(1)
        #expect(state.returned(1, isReusable: true) == [])
        #expect(state.ask(2, at: now) == [.lend(connection: 1, to: 2)])
    }

    @Test mutating func `no more connections are made than the pool may hold`() {
        open(1)
        open(2)
        #expect(state.ask(3, at: now) == [])
        #expect(state.load == PoolLoad(open: 2, busy: 2, waiting: 1))
    }

    @Test mutating func `waiters are served in the order in which they came`() {
        open(1)
        open(2)
        _ = state.ask(3, at: now)
        _ = state.ask(4, at: now)
        #expect(state.returned(2, isReusable: true) == [.lend(connection: 2, to: 3)])
        #expect(state.returned(1, isReusable: true) == [.lend(connection: 1, to: 4)])
    }

    @Test mutating func `a broken connection is closed, and replaced when somebody waits`() {
        open(1)
        open(2)
        _ = state.ask(3, at: now)
        #expect(
            state.returned(1, isReusable: false) == [.close(connection: 1), .connect(number: 3, after: .zero)])
    }

    @Test mutating func `while the server is down one attempt is made at a time, after growing waits`() {
        _ = state.ask(1, at: now)
        _ = state.ask(2, at: now)
        var delays: [Duration] = []
        var attempts = [1, 2]
        while delays.count < 6, let attempt = attempts.popLast() {
            for case .connect(let number, let delay) in state.failedToConnect(attempt, reason: "down") {
                delays.append(delay)
                attempts = [number]
            }
            if delays.isEmpty { attempts = [1] }
        }
        #expect(delays == [100, 200, 400, 500, 500, 500].map(Duration.milliseconds))
    }

    @Test mutating func `the wait's end refuses everybody who came before, and says why`() {
        _ = state.ask(1, at: now)
        _ = state.ask(2, at: now)
        _ = state.failedToConnect(1, reason: "down")
        let reason = "PostgreSQL cannot be reached: down"
        #expect(
            state.expire(through: 2)
                == [.refuse(waiter: 1, reason: reason), .refuse(waiter: 2, reason: reason)])
        #expect(state.expire(through: 2) == [])
    }

    @Test mutating func `a waiter who left is not served`() {
        open(1)
        open(2)
        _ = state.ask(3, at: now)
        #expect(state.withdraw(3, reason: "left") == [.refuse(waiter: 3, reason: "left")])
        #expect(state.returned(1, isReusable: true) == [])
        #expect(state.withdraw(3, reason: "left") == [])
    }

    @Test mutating func `closing lets the busy finish and refuses everybody else`() {
        open(1)
        open(2)
        _ = state.returned(2, isReusable: true)
        #expect(state.close() == [.close(connection: 2)])
        #expect(state.ask(5, at: now) == [.refuse(waiter: 5, reason: "the pool is closed")])
        #expect(state.returned(1, isReusable: true) == [.close(connection: 1), .finish])
    }

    private mutating func open(_ number: Int) {
        #expect(state.ask(number, at: now) == [.connect(number: number, after: .zero)])
        #expect(state.connected(number) == [.lend(connection: number, to: number)])
    }
}
