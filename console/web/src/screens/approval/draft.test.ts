import { expect, test } from "vitest";
import { decisionId } from "./draft.ts";

const attempt = { choice: "approve", comment: "seen", by: "Ana" };
const sent = { ...attempt, id: "0b0e0c2a-5f0e-4d11-9c57-2f6a2f1f0a01" };

test("repeating an attempt whose answer never came keeps its id, so it cannot count twice", () => {
  expect(decisionId(sent, attempt)).toBe(sent.id);
});

test.each([{ choice: "reject" }, { comment: "" }, { by: "Bo" }])("%j is another decision", (it) => {
  expect(decisionId(sent, { ...attempt, ...it })).not.toBe(sent.id);
});

test("a first attempt has an id of its own", () => {
  expect(decisionId(null, attempt)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
});
