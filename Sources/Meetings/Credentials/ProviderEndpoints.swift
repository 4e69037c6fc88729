import Foundation

/// Where organizations' own accounts are reached: the providers' official addresses, or in a demo their simulators.
package struct ProviderEndpoints: Sendable {
    let zoom: URL
    let zoomToken: URL
    let feishu: URL
    let lark: URL

    /// - Returns: `nil` for what is no address.
    package init?(zoom: String, zoomToken: String, feishu: String, lark: String) {
        guard let zoom = URL(string: zoom), let zoomToken = URL(string: zoomToken), let feishu = URL(string: feishu),
            let lark = URL(string: lark)
        else { return nil }
        self.zoom = zoom
        self.zoomToken = zoomToken
        self.feishu = feishu
        self.lark = lark
    }

    package static let official = ProviderEndpoints(
        zoom: "https://api.zoom.us/v2", zoomToken: "https://zoom.us/oauth/token", feishu: "https://open.feishu.cn",
        lark: "https://open.larksuite.com")

    /// - Parameter base: where `convene simulate` listens, or what does its work in this process.
    package static func simulators(at base: String) -> ProviderEndpoints? {
        ProviderEndpoints(
            zoom: base + "/zoom/v2", zoomToken: base + "/zoom/oauth/token", feishu: base + "/feishu",
            lark: base + "/feishu")
    }
}
