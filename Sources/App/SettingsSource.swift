import Configuration
import Foundation
import Identity
import Meetings
import Outgoing
import Postgres
import Secrets
import Values

/// Settings by the names of environment variables.
struct SettingsSource {
    private let reader: ConfigReader

    init(flags: [String: String]) {
        reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags), EnvironmentVariablesProvider(),
        ])
    }

    func text(_ name: String, isSecret: Bool = false) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        return reader.string(forKey: key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// From the variable, or from the file that `{name}_FILE` names.
    func secret(_ name: String) throws -> String? {
        if let value = text(name, isSecret: true) { return value }
        guard let path = text(name + "_FILE") else { return nil }
        guard let value = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingsError(name: name + "_FILE", expectation: "a file that can be read")
        }
        return value.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func metricsToken() throws -> Secret? {
        guard let token = try secret("CONVENE_METRICS_TOKEN") else { return nil }
        guard token.utf8.count >= 16, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SettingsError(
                name: "CONVENE_METRICS_TOKEN", expectation: "at least 16 letters, digits or signs without blanks")
        }
        return Secret(token)
    }

    func databaseURL() throws -> String? {
        guard let url = try secret("DATABASE_URL") else { return nil }
        guard PoolConfiguration(url: url).isReadable else {
            throw SettingsError(
                name: "DATABASE_URL",
                expectation: "such as postgres://user:password@host:5432/database, with signs in the password as %40")
        }
        return url
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                name: name, expectation: "a number between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func databaseLoginURLs() throws -> (app: String, worker: String)? {
        let names = ["CONVENE_DATABASE_APP_URL", "CONVENE_DATABASE_WORKER_URL"]
        switch (try secret(names[0]), try secret(names[1])) {
        case (nil, nil): return nil
        case (let app?, let worker?):
            guard try secret("DATABASE_URL") != nil else {
                throw SettingsError(name: "DATABASE_URL", expectation: "set too, for the owner of the database")
            }
            return (app, worker)
        case (nil, _): throw SettingsError(name: names[0], expectation: "set too")
        case (_, nil): throw SettingsError(name: names[1], expectation: "set too")
        }
    }

    func flag(_ name: String) throws -> Bool? {
        guard let text = text(name) else { return nil }
        guard
            let flag = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false][
                text.lowercased()]
        else { throw SettingsError(name: name, expectation: "true or false") }
        return flag
    }

    func url(_ name: String) throws -> URL? {
        guard let text = text(name) else { return nil }
        guard let url = Self.webAddress(text), url.fragment() == nil else {
            throw SettingsError(name: name, expectation: "an http or https address")
        }
        return url
    }

    /// An address without anything behind host and port: pages, links in mails and cookies are at the root.
    func site(_ name: String) throws -> URL? {
        guard let text = text(name) else { return nil }
        guard let url = Self.webAddress(text), let site = Self.site(of: url) else {
            throw SettingsError(
                name: name,
                expectation:
                    "an http or https address without path, query and fragment, such as https://convene.example")
        }
        return site
    }

    private static func webAddress(_ text: String) -> URL? {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.user() == nil, url.password() == nil,
            url.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        return url
    }

    /// As browsers write an origin: in small letters, without the port that follows from the scheme.
    private static func site(of url: URL) -> URL? {
        guard let scheme = url.scheme?.lowercased(), let host = url.host(percentEncoded: true)?.lowercased(),
            ["", "/"].contains(url.path(percentEncoded: true)), url.query() == nil, url.fragment() == nil
        else { return nil }
        let port = url.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : ":\($0)" } ?? ""
        return URL(string: "\(scheme)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)\(port)")
    }

    /// Where to listen: an IP address or a name.
    func host(_ name: String) throws -> String? {
        guard let text = text(name) else { return nil }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        guard IPAddress(bare) != nil || bare.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9._-]{0,252})/) != nil else {
            throw SettingsError(name: name, expectation: "an IP address or a host's name, without scheme and port")
        }
        return bare
    }

    /// What people read, or programs write into a line.
    func line(_ name: String, longest: Int = 100) throws -> String? {
        guard let text = text(name) else { return nil }
        guard let line = try? Line(text).text, line.unicodeScalars.count <= longest else {
            throw SettingsError(name: name, expectation: "one line of at most \(longest) characters")
        }
        return line
    }

    func choice<Value>(_ name: String, of choices: [String: Value]) throws -> Value? {
        guard let text = text(name) else { return nil }
        guard let choice = choices[text] else {
            throw SettingsError(name: name, expectation: choices.keys.sorted().joined(separator: " or "))
        }
        return choice
    }

    /// With commas between.
    private func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func networks(_ name: String) throws -> [IPNetwork] {
        try list(name).map {
            guard let network = IPNetwork($0) else {
                throw SettingsError(name: name, expectation: "addresses or networks such as 10.0.0.0/8")
            }
            return network
        }
    }

    func origins(_ name: String) throws -> Set<String> {
        Set(
            try list(name).map { origin in
                guard let url = Self.webAddress(origin), url.path().isEmpty, let site = Self.site(of: url) else {
                    throw SettingsError(name: name, expectation: "origins such as https://app.example, without a path")
                }
                return site.absoluteString
            })
    }

    func key(_ name: String) throws -> Data? {
        guard let text = try secret(name) else { return nil }
        guard let key = Data(base64Encoded: text), key.count >= 32 else {
            throw SettingsError(name: name, expectation: "at least 32 bytes in base64")
        }
        return key
    }

    func keyRing(_ name: String) throws -> KeyRing? {
        guard let text = try secret(name) else { return nil }
        guard let ring = KeyRing(text) else {
            throw SettingsError(
                name: name, expectation: "keys of 32 bytes in base64, with commas between, newest first")
        }
        return ring
    }

    func roles() throws -> Set<Settings.ProcessRole> {
        guard let text = text("CONVENE_ROLES") else { return Set(Settings.ProcessRole.allCases) }
        let roles = text.split(separator: ",").map {
            Settings.ProcessRole(rawValue: $0.trimmingCharacters(in: .whitespaces))
        }
        guard !roles.isEmpty, !roles.contains(nil) else {
            throw SettingsError(name: "CONVENE_ROLES", expectation: "web, worker or both with a comma between")
        }
        return Set(roles.compactMap(\.self))
    }

    /// The installation's own account; none unless its first text is set.
    func account(at provider: ProviderDescription) throws -> Settings.ProviderAccount? {
        let first = provider.fields.first { if case .text = $0.form { true } else { false } }
        guard let first, text(provider.variable(for: first)) != nil else { return nil }
        var values: [String: String] = [:]
        for field in provider.fields {
            let name = provider.variable(for: field)
            values[field.name] =
                switch field.form {
                case .text: try field.isOptional ? text(name) : required(name)
                case .choice(let choices):
                    try choice(name, of: Dictionary(uniqueKeysWithValues: choices.map { ($0.value, $0.value) }))
                        ?? choices.first?.value
                }
        }
        var others: [String: URL] = [:]
        for endpoint in provider.endpoints { others[endpoint.variable] = try url(endpoint.variable) }
        return Settings.ProviderAccount(
            settings: AccountSettings(at: provider, values),
            secret: try requiredSecret(provider.variable(for: provider.secret)), endpoints: .official(but: others))
    }

    func mail(demoFolder: String?) throws -> Settings.MailAccount? {
        let address = try secret("CONVENE_MAIL_URL")
        guard let server = (address ?? demoFolder.map { URL(filePath: $0).absoluteString }).map(MailServer.init) else {
            return nil
        }
        guard let server else {
            throw SettingsError(
                name: "CONVENE_MAIL_URL",
                expectation:
                    "smtp://user:password@host:587, smtps://… or file:///folder, with signs in the password as %40")
        }
        let isDemo = demoFolder != nil
        let from =
            try isDemo ? text("CONVENE_MAIL_FROM") ?? "Convene <convene@demo.example>" : required("CONVENE_MAIL_FROM")
        guard let sender = MailAddress(parsing: from) else {
            throw SettingsError(
                name: "CONVENE_MAIL_FROM",
                expectation: "such as Convene <convene@example.org>, without letters beyond ASCII before the @")
        }
        return Settings.MailAccount(server: server, sender: sender)
    }

    func openID() throws -> [Settings.OpenIDAccount] {
        let slugs = (text("CONVENE_OIDC") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard slugs.allSatisfy({ $0.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,31}/) != nil }), Set(slugs).count == slugs.count
        else {
            throw SettingsError(
                name: "CONVENE_OIDC",
                expectation: "different names of lower-case letters, digits and hyphens, with commas between")
        }
        return try slugs.map { slug in
            let prefix = "CONVENE_OIDC_" + slug.uppercased().replacing("-", with: "_")
            return Settings.OpenIDAccount(
                slug: slug, name: try line(prefix + "_NAME") ?? slug.capitalized,
                issuer: try issuer(prefix + "_ISSUER", default: slug == "google" ? OpenIDIssuer.google : nil),
                clientID: try required(prefix + "_CLIENT_ID"),
                clientSecret: try secret(prefix + "_CLIENT_SECRET").map(Secret.init))
        }
    }

    /// Kept letter for letter, since it is compared so.
    private func issuer(_ name: String, default known: String?) throws -> String {
        guard let text = text(name) ?? known else { throw SettingsError(name: name, expectation: "set too") }
        let isHere = ["localhost", "127.0.0.1", "::1", "[::1]"]
        guard let url = URL(string: text), let host = url.host(), url.query() == nil, url.fragment() == nil,
            url.user() == nil, url.scheme == "https" || (url.scheme == "http" && isHere.contains(host))
        else { throw SettingsError(name: name, expectation: "an https address without query and fragment") }
        return text
    }

    private func required(_ name: String) throws -> String {
        guard let value = text(name) else { throw SettingsError(name: name, expectation: "set too") }
        return value
    }

    private func requiredSecret(_ name: String) throws -> Secret {
        guard let value = try secret(name) else { throw SettingsError(name: name, expectation: "set too") }
        return Secret(value)
    }
}
