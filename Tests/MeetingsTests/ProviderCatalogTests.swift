import Foundation
import Testing
import Values

@testable import Meetings
@testable import Simulators

/// What is made from the providers' descriptions of themselves.
@Suite struct ProviderCatalogTests {
    @Test func `the installation's accounts are set by the variables that the manual names`() {
        let variables = [ProviderDescription.zoom, .feishu].flatMap { provider in
            (provider.fields + [provider.secret]).map(provider.variable) + provider.endpoints.map(\.variable)
        }

        #expect(
            variables == [
                "CONVENE_ZOOM_ACCOUNT_ID", "CONVENE_ZOOM_CLIENT_ID", "CONVENE_ZOOM_HOST", "CONVENE_ZOOM_CLIENT_SECRET",
                "CONVENE_ZOOM_URL", "CONVENE_ZOOM_TOKEN_URL", "CONVENE_FEISHU_REGION", "CONVENE_FEISHU_APP_ID",
                "CONVENE_FEISHU_OWNER_ID", "CONVENE_FEISHU_APP_SECRET", "CONVENE_FEISHU_URL", "CONVENE_LARK_URL",
            ])
    }

    @Test func `an address that is set takes the place of its official one alone`() throws {
        let other = try #require(URL(string: "https://zoom.example/v2"))
        let endpoints = ProviderEndpoints.official(but: ["CONVENE_ZOOM_URL": other])

        #expect(endpoints[.zoom] == other)
        #expect(endpoints[.zoomToken].absoluteString == "https://zoom.us/oauth/token")
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `every provider is simulated, and what it takes is what may be entered`(name: ProviderName) throws {
        let provider = try #require(ProviderCatalog[name])
        let account = try #require(SimulatorServer.accounts[name])

        for field in provider.fields + [provider.secret] where !field.isOptional {
            let value = try #require(account[field.name], "\(field.name)")
            #expect(field.flaw(in: value) == nil)
        }
    }

    @Test(arguments: ["../me", "a/b", "", "ada@", "ada@example.test/.."])
    func `a host that would lead elsewhere is refused`(host: String) throws {
        let field = try #require(ProviderDescription.zoom.fields.first { $0.name == "host" })

        #expect(field.flaw(in: "ada@example.test") == nil)
        #expect(field.flaw(in: host) != nil)
    }
}
