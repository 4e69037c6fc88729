import Foundation
import HTTPTypes

/// In which coding a client wants a body, of the two that we have (RFC 9110, 12.5.3).
enum AcceptedCoding {
    case asItIs, gzip

    init(_ headers: HTTPFields) {
        var weights: [String: Double] = [:]
        for element in headers[values: .acceptEncoding].joined(separator: ",").split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let coding = parts.first else { continue }
            weights[coding == "x-gzip" ? "gzip" : coding] = Self.weight(parts.dropFirst())
        }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        self = gzip > 0 && gzip >= weights["identity"] ?? 0 ? .gzip : .asItIs
    }

    /// 1 where none is given; 0 for what is none, so that nobody gets what they may not read.
    private static func weight(_ parameters: some Sequence<String>) -> Double {
        guard let quality = parameters.first(where: { $0.hasPrefix("q=") }) else { return 1 }
        guard let weight = Double(quality.dropFirst(2)), (0...1).contains(weight) else { return 0 }
        return weight
    }
}
