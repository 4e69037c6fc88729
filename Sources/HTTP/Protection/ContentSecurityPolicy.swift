/// What a page of ours may load (Content Security Policy Level 3): what comes from here, and no script or style that
/// stands in the page itself.
package struct ContentSecurityPolicy: Sendable {
    /// Where images may come from besides here.
    package var images: Images

    package init(images: Images = .none) {
        self.images = images
    }

    package enum Images: Sendable, Equatable {
        case none
        /// Scheme, host and port of one origin.
        case from(String)
        /// Any by https: for the page where an address is being typed, and its image shown.
        case anywhere
    }

    package var text: String {
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
