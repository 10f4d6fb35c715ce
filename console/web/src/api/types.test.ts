import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { typesOf } from "../../scripts/types.mjs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the types are those of the contract (else: npm run types)", () => {
  expect(read("./types.ts")).toBe(typesOf(JSON.parse(read("../../../openapi.json"))));
});
