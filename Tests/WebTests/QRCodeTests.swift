import Foundation
import TestSupport
import Testing

@testable import Web

@Suite struct QRCodeTests {
    @Test(
        .enabled(if: PythonReader.isThere, "scripts/venv prepares what reads the codes"),
        arguments: [
            "x", "otpauth://totp/Convene:ada@demo.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Convene",
            "Ада 青山 🦊", String(repeating: "long ", count: 200),
        ])
    func `a code is read by a camera's software, on a dark page too`(text: String) throws {
        let read = try PythonReader.read(Data(QRCode.svg(for: text).utf8), with: "read_qr.py")

        #expect(read == text + "\n")
    }

    @Test func `a code is one path and nothing that a content security policy forbids`() {
        let svg = QRCode.svg(for: "hello")

        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>") && svg.contains(#"role="img""#))
        #expect(svg.components(separatedBy: "<path").count == 2)
        for forbidden in ["style", "script", "href", "onload"] { #expect(!svg.contains(forbidden)) }
    }

    @Test func `a text that no code holds gives none`() {
        #expect(QRCode.svg(for: String(repeating: "x", count: 3000)) == "")
    }
}
