/// Calls `body` with `strings` as an array of C strings that ends with a null pointer.
func withCStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    // One buffer for all of them: most statements have a handful of short values.
    var characters: [CChar] = []
    var offsets: [Int?] = []
    offsets.reserveCapacity(strings.count)
    for string in strings {
        guard let string else {
            offsets.append(nil)
            continue
        }
        offsets.append(characters.count)
        characters.append(contentsOf: string.utf8.lazy.map(CChar.init(bitPattern:)))
        characters.append(0)
    }
    return characters.withUnsafeBufferPointer { buffer in
        let pointers = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    withCStrings(strings.map(Optional.some), body)
}
