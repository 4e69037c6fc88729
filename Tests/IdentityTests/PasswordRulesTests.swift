import Foundation
import Identity
import Testing

@Suite struct PasswordRulesTests {
    /// Debian's package john-data.
    private static let rules = try? PasswordRules(listAt: "/usr/share/john/password.lst")

    private let owner = PasswordRules.Owner(
        name: "Zoë Østergaard", email: "zoe.oster@northlight.example", organizations: ["Blue Lantern Tutors", "青山塾"])

    private func weakness(of password: String) throws -> PasswordWeakness? {
        try #require(Self.rules).weakness(of: password, chosenBy: owner)
    }

    @Test(arguments: ["", "p", "Tr0ub4dor&3", "correcthors", "е́е́е́е́е́"])
    func `a password of fewer than 12 characters is too short`(password: String) throws {
        #expect(try weakness(of: password) == .tooShort)
    }

    @Test func `a password may have 1,024 characters and no more`() throws {
        let long = String((0..<1025).map { Character(Unicode.Scalar(UInt8(97 + $0 * $0 % 23))) })

        #expect(try weakness(of: String(long.dropLast())) == nil)
        #expect(try weakness(of: long) == .tooLong)
    }

    @Test func `characters are counted once composed`() throws {
        // Twelve scalars, of which six are accents that the letters take in.
        #expect(try weakness(of: "e\u{301}a\u{300}o\u{302}u\u{308}i\u{301}n\u{303}") == .tooShort)
    }

    @Test(arguments: [
        "password1234", "Password123!", "P@ssw0rd1234", "pa$$word1234", "PASSWORD!!!!", "!!password!!!",
        "passwordpassword",
        "password-password-1", "letmein12345", "L3tM31n!!!!!", "iloveyou1234", "iloveyouiloveyou", "trustno1trustno1",
        "trustno1-trustno1!", "sunshine2024", "princess1999", "football2023!", "$unsh1ne2024", "charlie12345",
        "welcome12345", "2024password!", "winniethepooh", "Winnie the Pooh",
        "starwars1977", "p a s s w o r d", "michael-1985-", "Pr1nce$$2024",
    ])
    func `a common password is refused, however it is dressed up`(password: String) throws {
        #expect(try weakness(of: password) == .common)
    }

    @Test(arguments: [
        "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "123456123456", "121212121212", "abcdefghijkl", "zyxwvutsrqpo",
        "123456789012", "qwertyuiop123", "qwertyuiopasdf", "1q2w3e4r5t6y", "1qaz2wsx3edc", "asdfghjkl;123",
        "йцукенгшщзхъ",
        "aaaabbbbcccc", "abc123def456", "!@#$%^&*()_+", "            ", "11112222333344", "xk7pqzxk7pqz",
        "dragondragon", "monkeymonkeymonkey", "bob123456789",
    ])
    func `a password that follows a short rule is refused`(password: String) throws {
        #expect(try weakness(of: password) == .pattern)
    }

    @Test(arguments: [
        "convene12345", "C0nvene-2026!", "ZoeOstergaard", "østergaard123", "zoë.østergaard",
        "zoe.oster@northlight.example",
        "Northlight2026", "BlueLanternTutors", "blue-lantern-1", "青山塾青山塾12345678", "zoe-password-1", "Ostergaard!Zoe!!",
    ])
    func `a password made of what others know of the person is refused`(password: String) throws {
        #expect(try weakness(of: password) == .personal)
    }

    @Test(arguments: [
        "correct horse battery staple", "my cat likes green tea", "purple-Lamp-river-9", "kX7!vQ2#mB9z",
        "fjord umbrella ticket",
        "我家的猫每天早上都想喝绿茶", "Мой кот любит зелёный чай", "猫は毎朝緑茶を飲みたがります", "القطة تحب الشاي الأخضر",
        "the password is in the blue tin", "Zoe never eats cold pancakes", "quietly42gallopingTurnips",
        "7 monkeys on 3 bicycles",
        "a blue lantern under nine bridges", "r3g4rd-th3-m00n-tw1c3", "8274 6195 0381", "🦊🚲🌧️🎻🥨🧦🔭🪁🧂🎷🛶🗝️",
        "ni ty, ni ya, a dozhd'", "Grünkohl schmeckt im Winter",
    ])
    func `a password that only its owner would think of is taken`(password: String) throws {
        #expect(try weakness(of: password) == nil)
    }

    @Test func `every weakness says what to do in one sentence`() {
        for weakness in PasswordWeakness.allCases {
            #expect(weakness.advice.hasSuffix(".") && weakness.advice.filter { $0 == "." }.count == 1)
        }
    }

    @Test(arguments: ["/nowhere/password.lst", "/dev/null", "/tmp"])
    func `a list that holds nothing is not mistaken for one`(path: String) {
        #expect(throws: PasswordRules.UnreadableList.self) { try PasswordRules(listAt: path) }
    }

    @Test func `a password is the same however its letters are composed`() async throws {
        let passwords = Passwords()
        let hash = try await passwords.hash("caf\u{E9} am Grünmarkt")

        #expect(try await passwords.verify("cafe\u{301} am Gru\u{308}nmarkt", against: hash))
        #expect(try await passwords.verify("cafe am Grunmarkt", against: hash) == false)
    }
}
