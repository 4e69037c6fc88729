/// Somebody else has changed a thing since it was read: what was to be saved is based on an older version, and was not.
package struct StaleVersion: Error, Equatable {
    package let current: Int

    package init(current: Int) { self.current = current }
}
