import Testing
import Values

@Suite struct IsolationTests {
    @Test func `text from left to right stays as it is`() {
        for text in ["", "Ada Lovelace", "Łódź & Söhne", "王小明", "2026 – 1:30"] { #expect(text.isolated == text) }
    }

    @Test(arguments: ["מפגש", "مقابلة (Python 3) مع محمد", "Café שלום", "𞤀𞤣𞤤𞤢𞤥"])
    func `text from right to left is set apart`(text: String) {
        #expect(text.isolated == "\u{2068}\(text)\u{2069}")
    }

    @Test func `no control within it ends the isolation or turns what it isolates`() {
        #expect("\u{202E}gnp.exe".isolated == "\u{2068}gnp.exe\u{2069}")
        #expect("a\u{2069}\u{2069}ב".isolated == "\u{2068}aב\u{2069}")
        #expect("שלום".isolated.isolated == "שלום".isolated)
    }
}
