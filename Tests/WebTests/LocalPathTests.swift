import Testing

@testable import Web

@Suite struct LocalPathTests {
    @Test(arguments: ["/week", "/sessions/1?x=y#z", "/"]) func `a path of ours is gone to after signing in`(
        path: String
    ) {
        #expect(SignInPage.isOurs(path))
    }

    @Test(arguments: [
        "", "week", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/ü", "javascript:x",
    ])
    func `any other place is not`(path: String) {
        #expect(!SignInPage.isOurs(path))
    }
}
