"""What is taken for addresses in the field that people paste lists into."""

import pytest

from harness.processes import ROOT

SCRIPT = ROOT / "Sources/Web/Resources/members/addresses.js"


@pytest.mark.parametrize(("text", "addresses"), [
    ("a@x.example, b@x.example;c@x.example\nd@x.example\te@x.example", ["a@x.example", "b@x.example", "c@x.example",
                                                                       "d@x.example", "e@x.example"]),
    ('"Roe, Bob" <bob@x.example>, "Roe, Ann" <ann@x.example>', ["bob@x.example", "ann@x.example"]),
    ("a@x.example，b@x.example；c@x.example、d@x.example；", ["a@x.example", "b@x.example", "c@x.example", "d@x.example"]),
    ("mailto:a@x.example?subject=Hello%20you", ["a@x.example"]), ("MAILTO:a%2Bb@x.example", ["a+b@x.example"]),
    ("\u200ba@x.example\ufeff \u00a0b@x.example", ["a@x.example", "b@x.example"]),
    ("Ann <a@x.example> Bob <mailto:b@x.example>", ["a@x.example", "b@x.example"]), ("Ann a@x.example", ["a@x.example"]),
    ("A@X.Example a@x.example", ["a@x.example"]), ("kai@bücher.example", ["kai@bücher.example"]),
    ("a＠例え。テスト", ["a@例え.テスト"]), ("admİn@x.example", ["admİn@x.example"]),
    ('"Bob \\"the, man\\" Roe" <b@x.example>', ["b@x.example"]), ('o"b@x.example, c@x.example', ['o"b@x.example', "c@x.example"]),
    ("Ann Lee, a@x.example", ["Ann Lee", "a@x.example"]), (" ,;\n ", []), ("", []),
])
def test_a_list_of_addresses_is_read_as_people_have_it(page, text, addresses):
    # As it is written: the server has it within the page's script alone.
    page.route("**/addresses.js", lambda route: route.fulfill(path=SCRIPT, content_type="text/javascript"))
    page.goto("/sign-in")
    found = page.evaluate("""async (text) => (await import("/addresses.js")).addressesIn(text)""", text)

    assert found == addresses
