/// Passwords that a short rule writes: `aaaaaaaaaaaa`, `abcabcabcabc`, `qwertyuiop123`. Everything is in lower case.
enum PasswordPattern {
    /// Where neighbors stand beside each other, forwards or backwards.
    private static let rows: [[Unicode.Scalar]] = [
        "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "01234567890",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
        "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
        "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()_+", "!\"#$%&/()=",
    ].map { Array($0.unicodeScalars) }

    private static let neighbors: Set<[Unicode.Scalar]> = Set(
        rows.flatMap { row in zip(row, row.dropFirst()).flatMap { [[$0, $1], [$1, $0]] } })

    static func explains(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return Set(scalars).count <= 3 || repeatsItself(scalars) || strides(in: scalars) <= 5
    }

    /// Whether it is one piece of up to six again and again, the last one perhaps cut off.
    private static func repeatsItself(_ scalars: [Unicode.Scalar]) -> Bool {
        guard scalars.count >= 2 else { return true }
        return (1...min(6, scalars.count / 2 + scalars.count % 2)).contains { length in
            (length..<scalars.count).allSatisfy { scalars[$0] == scalars[$0 - length] }
        }
    }

    /// How many things must be remembered: a run along a row, or of one character, counts as one when it has three
    /// or more.
    private static func strides(in scalars: [Unicode.Scalar]) -> Int {
        var strides = 0
        var start = 0
        while start < scalars.count {
            var end = start + 1
            while end < scalars.count, isStep(scalars[end - 1], scalars[end]) { end += 1 }
            strides += end - start >= 3 ? 1 : end - start
            start = end
        }
        return strides
    }

    private static func isStep(_ one: Unicode.Scalar, _ next: Unicode.Scalar) -> Bool {
        one == next || neighbors.contains([one, next])
    }
}
