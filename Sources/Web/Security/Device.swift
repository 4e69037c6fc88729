/// What a program says of itself (`User-Agent`, RFC 9110, 10.1.5), in words for people. Not to be relied upon: it may
/// say anything.
struct Device: Sendable, Equatable {
    /// Such as "Firefox on Linux".
    let name: String
    let isPhone: Bool

    init(agent: String?) {
        let agent = agent ?? ""
        func first(of words: [(mark: String, name: String)]) -> String? {
            words.first { agent.contains($0.mark) }?.name
        }
        let system = first(of: Self.systems)
        isPhone = system.map(["iPhone", "Android"].contains) ?? false
        switch (first(of: Self.browsers), system) {
        case (let browser?, let system?): name = "\(browser) on \(system)"
        case (let browser?, nil): name = browser
        case (nil, _):
            let product = agent.prefix(40).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            name = product.isEmpty ? "Unknown device" : String(product)
        }
    }

    // In this order: many name those that they are like.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"),
        ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "macOS"), ("Linux", "Linux"),
    ]
}
