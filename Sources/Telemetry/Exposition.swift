/// How things are written in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
enum Exposition {
    /// A valid metric name that ends in `suffix`, exactly once.
    static func name(_ label: String, suffix: String = "") -> String {
        let name = valid(label, allowing: ":")
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// `le` belongs to histograms and a leading `__` to Prometheus itself.
    static func labelName(_ label: String) -> String {
        let name = valid(label)
        return name == "le" || name.hasPrefix("__") ? "label_" + name : name
    }

    /// Backslash, quote and newline are all that the format asks to escape.
    static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        return value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            case "\r\n": text += "\r\\n"
            default: text.append(character)
            }
        }
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    static func head(_ name: String, _ kind: Family.Kind, help: String? = nil) -> String {
        let help = help.map {
            "# HELP \(name) \($0.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
        }
        return (help ?? "") + "# TYPE \(name) \(kind.rawValue)\n"
    }

    static func line(_ name: String, _ labels: String, _ value: Double) -> String {
        labels.isEmpty ? "\(name) \(number(value))\n" : "\(name){\(labels)} \(number(value))\n"
    }

    private static func valid(_ label: String, allowing also: Character? = nil) -> String {
        let name = String(
            label.map { $0 == also || $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) ? $0 : "_" })
        return name.isEmpty || name.first!.isNumber ? "_" + name : name
    }
}
