import { describe, expect, test } from "vitest";
import { linesOf, tokensOf } from "./json_text.ts";

const layout = (text: string) =>
  linesOf(text).map((it) => "  ".repeat(it.indent) + it.tokens.map((token) => token.text).join(""));

test("members and items stand on lines of their own", () => {
  expect(layout('{"amount":48000,"lines":[1,[],{}],"note":"a, {b}"}')).toEqual([
    "{",
    '  "amount":48000,',
    '  "lines":[',
    "    1,",
    "    [],",
    "    {}",
    "  ],",
    '  "note":"a, {b}"',
    "}",
  ]);
});

describe("every token stays as it was written", () => {
  test.each([
    "9007199254740993",
    "1.0",
    "1e21",
    "-0",
    '"\\u0061\\/"',
    '{"b":1,"a":{"":[null,true,false]}}',
    '"\u202e"',
  ])("%s", (text) => {
    expect(
      tokensOf(text)
        .map((it) => it.text)
        .join(""),
    ).toBe(text);
    expect(
      linesOf(text)
        .flatMap((it) => it.tokens)
        .map((it) => it.text)
        .join(""),
    ).toBe(text);
  });
});

test("names are told from strings", () => {
  expect(tokensOf('{"a":"b"}').map((it) => it.kind)).toEqual([
    "sign",
    "name",
    "sign",
    "string",
    "sign",
  ]);
});

test.each(["{a:1}", '"\n"', "01x", "'a'"])("%j is refused", (text) => {
  expect(() => tokensOf(text)).toThrow(SyntaxError);
});
