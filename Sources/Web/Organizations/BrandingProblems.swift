import Access
import Branding
package import HTTP
import HTTPTypes
import Identity

extension BrandingError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .refused(let faults):
            var problem = Problem.invalid(faults.map { FieldError(field: $0.field, message: $0.reason.message) })
            let contrasts: [JSONValue] = faults.compactMap { fault in
                guard case .contrast(let ratio, let nearest) = fault.reason else { return nil }
                return [
                    "field": .string(fault.field), "ratio": .number(ratio.shownContrast),
                    "needed": .number(Palette.neededContrast), "nearest": .string(nearest.description),
                ]
            }
            if !contrasts.isEmpty { problem.extra["contrasts"] = .array(contrasts) }
            return problem
        case .staleVersion(let current): return StaleVersion(current: current).problem
        }
    }
}

extension BrandingError {
    /// What its problems have beside the standard members.
    static let problemMembers = [
        Schema.optional(
            "contrasts",
            .array(
                .object([
                    Schema.required("field", .text), Schema.required("ratio", .number),
                    Schema.required("needed", .number),
                    Schema.required(
                        "nearest", .text, "The nearest color of the same hue that has enough, as #rrggbb."),
                ]), count: 0...2), "Of colors that could not be read.")
    ]
}

extension Schema {
    /// Of what has just been read.
    static let version = required(
        "version", .integer(0...latestVersion), "Rises with every change; 0 while nothing was ever set.")

    /// Of a change to it.
    static let basedOn = optional(
        "version", .integer(0...latestVersion),
        "The one that the change is based on: refused with stale_version when it is not the current one any more. Left "
            + "out: whatever it is now.")
}

extension Double {
    /// With two digits, and never more than there is: 4.496 is not 4.5.
    fileprivate var shownContrast: Double { (self * 100).rounded(.down) / 100 }
}

extension BrandingError.Reason {
    fileprivate var message: String {
        switch self {
        case .notAColor: "must be a color written as #rrggbb"
        case .contrast(let ratio, let nearest):
            "has a contrast of \(ratio.shownContrast) with our pages and needs \(Palette.neededContrast): "
                + "the nearest color that has it is \(nearest)"
        case .logo(let fault): fault.message
        case .severalLines: "must be one line"
        case .unbalanced(let position):
            "has a brace at character \(position) that belongs to no placeholder"
        case .unknownTag(let tag, let position, let known):
            "names “\(tag.prefix(40))” at character \(position); it may name "
                + known.map { "{{\($0.rawValue)}}" }.joined(separator: ", ")
        }
    }
}

extension LogoURL.Fault {
    fileprivate var message: String {
        switch self {
        case .tooLong: "must have at most \(LogoURL.longest) characters"
        case .notHTTPS: "must be an address that begins with https://"
        case .userInfo: "must not have a name or password in it"
        case .fragment: "must not have a # in it"
        case .host: "must lie at a public name, such as images.example.org"
        }
    }
}
