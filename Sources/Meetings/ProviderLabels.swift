package import Values

extension ProviderName {
    /// As people write it.
    package var label: String {
        switch self {
        case .feishu: "Feishu"
        case .zoom: "Zoom"
        case .teams: "Microsoft Teams"
        case .googleMeet: "Google Meet"
        case .room: "Convene's own room"
        }
    }
}
