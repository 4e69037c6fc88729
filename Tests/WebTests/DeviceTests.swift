import HTTP
import Testing

@testable import Web

@Suite struct DeviceTests {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux", false),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                + "Safari/537.36 Edg/142.0.0.0", "Edge on Windows", false
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
                + "Safari/605.1.15", "Safari on macOS", false
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "CriOS/142.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone", true
        ),
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile "
                + "Safari/537.36", "Chrome on Android", true
        ),
        ("curl/8.14.1", "curl", false), ("python-httpx/0.28.1", "python-httpx", false),
        ("<script>alert(1)</script>", "Unknown device", false), ("", "Unknown device", false),
    ])
    func `a device is named in words`(agent: String, name: String, isPhone: Bool) {
        let device = Device(agent: agent)

        #expect(device.name == name)
        #expect(device.isPhone == isPhone)
    }

    @Test func `every scope of a key has words`() {
        let areas = ScopeArea.areas(of: Scope.grants)

        #expect(areas.flatMap(\.choices).map(\.value) == Scope.grants)
        #expect(areas.flatMap(\.choices).allSatisfy { $0.hint != $0.value })
        #expect(Set(areas.map(\.name)).count == areas.count)
        #expect(ScopeArea.words(for: ["sessions:read", "sessions:write"]) == "Sessions: look and change")
    }
}
