package import Foundation
package import Secrets

/// An app that a tenant of Feishu or Lark made for itself (fact sheet Feishu 1 and 2).
package struct FeishuSettings: Sendable {
    /// `https://open.feishu.cn` or `https://open.larksuite.com`, without `/open-apis`.
    package var baseURL: URL
    package var appID: String
    package var appSecret: Secret
    /// The `open_id` of the user of this tenant in whose name meetings are reserved. An app's own is not accepted.
    package var ownerID: String

    package init(baseURL: URL, appID: String, appSecret: Secret, ownerID: String) {
        self.baseURL = baseURL
        self.appID = appID
        self.appSecret = appSecret
        self.ownerID = ownerID
    }
}
