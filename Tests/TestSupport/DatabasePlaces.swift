/// How many tests have a database at once. Each makes and drops one, which every other connection to the cluster has to
/// agree to: a hundred at once take several times as long as eight and then eight, and run into time-outs on the way.
actor DatabasePlaces {
    static let shared = DatabasePlaces()

    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
