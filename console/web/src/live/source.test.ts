import { expect, test } from "vitest";
import { read } from "./source.ts";

test("a change is read by its ids", () => {
  expect(read("run", '{"run":"r","sequence":7}')).toEqual({ kind: "run", run: "r", sequence: 7 });
  expect(read("approval", '{"approval":"a","status":"new_word"}')).toEqual({
    kind: "approval",
    approval: "a",
    status: "new_word",
  });
});

test.each(["", "{", "null", '{"run":1}', "{}"])("%j means that something was missed", (data) => {
  expect(read("run", data)).toEqual({ kind: "resync" });
});
