import Foundation
import Outgoing
import Testing

@testable import Simulators

/// The published vectors (fact sheets Zoom 4.2, Feishu 6.6).
@Suite struct WebhookTests {
    @Test func `Zoom's signature is the published one`() {
        let body = """
            {"event":"meeting.started","event_ts":1770000001999,"payload":{"account_id":"acc_demo","object":\
            {"id":"98765432101","uuid":"aB3/dE+fGh==","host_id":"host_demo","topic":"Demo","type":2,\
            "start_time":"2026-02-02T02:40:00Z","timezone":"Asia/Shanghai","duration":60}}}
            """
        var credentials = ZoomSimulator.Credentials()
        credentials.webhookSecret = "zoomWebhookSecretDemo01"

        let signature = ZoomEvents(credentials: credentials).signature(of: Data(body.utf8), timestamp: "1770000002")

        #expect(signature == "v0=a6691c5317053bb2627addd51148d44d618fccd66e53d6bb8180a73347c342b9")
    }

    @Test func `Feishu's envelope and signature are the published ones`() throws {
        let body = """
            {"schema":"2.0","header":{"event_id":"evt-0001","event_type":"vc.meeting.join_meeting_v1",\
            "create_time":"1770000000123","token":"vt_demo_0001","app_id":"cli_demo","tenant_key":"tk_demo"},\
            "event":{"meeting":{"id":"7000000000000000001","topic":"Demo","meeting_no":"123456789",\
            "meeting_source":4,"start_time":"1770000000","end_time":"0"},"operator":{"id":{"open_id":"ou_demo"},\
            "user_role":1,"user_type":1}}}
            """
        let events = FeishuEvents(credentials: FeishuSimulator.Credentials())
        let key = "kT7-demo-encrypt-key"

        let envelope = try events.encrypted(Data(body.utf8), key: key, iv: (0..<16).map { 15 - $0 })

        #expect(String(decoding: envelope, as: UTF8.self) == #"{"encrypt":"\#(publishedEnvelope)"}"#)
        let signature = events.signature(of: envelope, timestamp: "1770000001", nonce: "9f3ab2", key: key)
        #expect(signature == "434994d139e696f0cb6c2df2599f1549b35cbb0611633c1ebe13e1558a84f96e")
    }

    private let publishedEnvelope = """
        Dw4NDAsKCQgHBgUEAwIBAECz0lBlirEbuP0Lj2iyhnkk1XsjTQx35xyUruFktvBO8p+LodTgbvK3oUts/9S3uy9VW1qPkAC+nsk8\
        vNuPCuJYF2G4TYdx1a3XSDnSXMGzJY5sRO6c6e554XeQFmxqXaIfSYCziCHsgUeLvSRZfZrYkcyLBsaOL7eUAblSi4GtyjoyZ6cE\
        UHNWO5iK3psnxoFckqWASKU9K+qSF6QD1j0tQJjhulQAbVE1UKi8GxsA8cYK9YDmHFD0dYOdF6VNnyEuL7ik83Lsvwe02jVXEcb4\
        +V52P1YhhnRdAtc0WzKl6ggPqVFSpshIy1HLzfhYxVY8jQoXoprJX1ho7FheVwzjcO/j+NzfuPNeDfARTXWyvMkoUBzTf+J/BRlx\
        mTVMbAwwXvrQJQTAzTz7fEEAEVqmTeShAoXc4zGN2QNOLwhw/BbE9xJO4Aj2Yfa4zWYANcVzXKNic3EzGBx3vB8j1G3RwICSFsmp\
        6e8U1u1iFhTWxDqQZxrH3REYj/u0H7szZetOW4GNi0InWKepfYZheHVy5VUC/kyszCS7rwV0oD1d
        """
}
