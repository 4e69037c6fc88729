import CQREncode

/// QR codes (ISO/IEC 18004), drawn by libqrencode.
enum QRCode {
    /// An SVG to put into a page: one path on a white ground, with the quiet zone of four modules that readers want.
    /// Its black does not follow the page's colors, since few readers know a code that is light on dark.
    /// - Returns: Nothing when `text` is longer than the largest code holds (some 2,300 bytes).
    static func svg(for text: String) -> String {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return "" }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width)
        let quiet = 4
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                // The lowest bit of each byte is the module; the others say what it is part of.
                while column < width, modules[row * width + column] & 1 == 1 { column += 1 }
                let run = column - start
                if run > 0 { path += "M\(start + quiet) \(row + quiet)h\(run)v1h-\(run)z" }
                column = max(column, start + 1)
            }
        }
        let side = width + 2 * quiet
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 \(side) \(side)" role="img" \
            aria-label="QR code" color="#000" shape-rendering="crispEdges">\
            <rect width="\(side)" height="\(side)" fill="#fff"/><path fill="currentColor" d="\(path)"/></svg>
            """
    }
}
