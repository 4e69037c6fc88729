import Testing

@testable import Web

/// Scripts and styles in one piece with what they import.
@Suite struct JoinedFileTests {
    @Test func `what is imported comes first, and once`() throws {
        let files = [
            "week/week.js": #"""
            import { say } from "../shared/strings.js";
            import "../shared/menu.js";
            say("hello");
            """#,
            "shared/menu.js": #"import { say as tell } from "./strings.js";"#,
            "shared/strings.js": "export const say = (text) => text;",
        ]

        let text = try JoinedFile("week/week.js", of: files).text

        #expect(
            text == """
                const $shared_strings = (() => { // shared/strings.js
                const say = (text) => text;
                return { say };
                })();
                const $shared_menu = (() => { // shared/menu.js
                const { say: tell } = $shared_strings;
                return {  };
                })();
                const $week_week = (() => { // week/week.js
                const { say } = $shared_strings;

                say("hello");
                return {  };
                })();

                """)
    }

    @Test func `every form of export that we use is returned`() throws {
        let part = try ScriptPart(
            """
            export function a() {}
            export async function b() {}
            export class C extends D {}
            export const { e, f } = g;
            export const h = 1;
            """, "x/y.js")

        #expect(part.text.contains("return { a, b, C, e, f, h };"))
        #expect(!part.text.contains("export"))
    }

    @Test func `comments stay with us, and what stands behind them does not`() throws {
        let part = try ScriptPart(
            """
            // One line.
            /** @type {number} */ let a = 1;
            /**
             * Several lines.
             */
            const b = "// no comment";
            """, "x/y.js")

        #expect(!part.text.contains("line") && part.text.contains("let a = 1;") && part.text.contains("// no comment"))
    }

    @Test(arguments: [
        "export default 1;", "export let a = 1;", "export { a };", #"import a from "./b.js";"#, #"import "elsewhere";"#,
        "export const [a] = b;",
    ]) func `a form that we do not read is a mistake and no surprise`(line: String) {
        #expect(throws: AssetError.self) { try ScriptPart(line, "x/y.js") }
    }

    @Test func `what is missing, or imports itself, is a mistake`() {
        #expect(throws: AssetError.self) { try JoinedFile("a/a.js", of: ["a/a.js": #"import "./b.js";"#]) }
        #expect(throws: AssetError.self) {
            try JoinedFile("a/a.js", of: ["a/a.js": #"import "./b.js";"#, "a/b.js": #"import "./a.js";"#])
        }
    }

    @Test func `a sheet has what it imports before its own`() throws {
        let files = ["a/a.css": "@import \"../b/b.css\";\np { color: red }", "b/b.css": "b { color: blue }"]

        #expect(try JoinedFile("a/a.css", of: files).text == "b { color: blue }\np { color: red }\n")
    }

    @Test func `every template names what there is`() throws {
        #expect(throws: Never.self) { try Assets(generated: Assets.eventTypes(["a"])) }
    }
}
