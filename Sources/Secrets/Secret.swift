/// A credential in memory. It prints as dots, has nothing for a mirror to show and cannot be encoded, so that neither
/// a log line nor an answer takes it along by accident: whoever needs it says ``revealed``.
package struct Secret: Sendable {
    package let revealed: String

    package init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
