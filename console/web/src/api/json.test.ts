import { describe, expect, test } from "vitest";
import { at, ExactNumber, leaves, parseExact, textOf } from "./json.ts";

describe("a pointer finds its value", () => {
  const value = { "a/b": [10, { "~": "x" }], "": 1 };
  test.each([
    ["", value],
    ["/a~1b/0", 10],
    ["/a~1b/1/~0", "x"],
    ["/", 1],
    ["/a~1b/00", undefined],
    ["/toString", undefined],
    ["a", undefined],
  ])("%s", (pointer, expected) => {
    expect(at(value, pointer)).toEqual(expected);
  });
});

test("leaves lists every value that has nothing below it", () => {
  expect(leaves({ a: [1, { b: null }], c: {}, "d/e": "x" }).map((it) => it.pointer)).toEqual([
    "/a/0",
    "/a/1/b",
    "/c",
    "/d~1e",
  ]);
});

test("text survives a round trip", () => {
  const text = '{"a":[1,true,null,"x\\n"],"b":{}}';
  expect(textOf(parseExact(text))).toBe(text);
});

const seesSource = (() => {
  let seen = false;
  JSON.parse("1", ((_k: string, v: unknown, c?: { source?: string }) => {
    seen = c?.source === "1";
    return v;
  }) as (k: string, v: unknown) => unknown);
  return seen;
})();

test.runIf(seesSource)("a number that would be rounded keeps its text", () => {
  expect(parseExact("9007199254740993")).toEqual(new ExactNumber("9007199254740993"));
});
