/// What the simulated providers accept, and with what they sign. The defaults are those of the published test vectors.
package struct SimulatorCredentials: Sendable {
    package struct Zoom: Sendable {
        package var accountID = "acc_demo"
        package var clientID = "client_demo"
        package var clientSecret = "secret_demo"
        /// The key of `x-zm-signature`.
        package var webhookSecret = "zoomWebhookSecretDemo01"
    }

    package struct Feishu: Sendable {
        package var appID = "cli_demo"
        package var appSecret = "secret_demo"
        package var ownerID = "ou_owner_demo"
        package var verificationToken = "vt_demo_0001"
        /// `nil`: events are sent in the clear and unsigned, as Feishu does without a key.
        package var encryptKey: String? = "kT7-demo-encrypt-key"
    }

    package var zoom = Zoom()
    package var feishu = Feishu()

    package init() {}
}
