import Records
import Testing

@Test func anObjectKeepsTheOrderOfItsKeys() throws {
    let value: JSONValue = ["zeta": 1, "alpha": [1, 2.5, nil], "text": "a \"b\"\n", "none": nil]
    #expect(
        value.text == """
            {
              "zeta": 1,
              "alpha": [1, 2.5, null],
              "text": "a \\"b\\"\\n",
              "none": null
            }

            """)
}

@Test func whatIsWrittenReadsBackEqual() throws {
    let value: JSONValue = ["a": [1, 0.1, 1e-300, -3], "b": ["c": true, "d": "µ°\u{1}"]]
    #expect(try JSONValue(parsing: Array(value.text.utf8)) == value)
}

@Test func aNumberThatIsNotFiniteIsNull() {
    #expect(JSONValue.number(.nan).text == "null\n")
}

/// FIPS 180-4, the published one-block message "abc".
@Test func theHashOfABCIsThePublishedOne() {
    #expect(SHA256.hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}
