/// What a page of ours may load (Content Security Policy Level 3): what comes from here, and no script or style that
/// stands in the page itself.
struct ContentSecurityPolicy: Sendable {
    /// Where images may come from besides here.
    var images: Images = .none

    enum Images: Sendable, Equatable {
        case none
        /// One origin, as ``Identity/LogoURL/origin`` has it.
        case from(String)
        /// Any by https: for the page where an address is being typed, and its image shown.
        case anywhere
    }

    var text: String {
        let images =
            switch images {
            case .none: ""
            case .from(let origin): "img-src 'self' \(origin); "
            case .anywhere: "img-src 'self' https:; "
            }
        return
            "default-src 'self'; \(images)object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    }
}
