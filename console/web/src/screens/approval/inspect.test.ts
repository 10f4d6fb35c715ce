import { describe, expect, test } from "vitest";
import { ExactNumber } from "../../api/json.ts";
import type { Approval } from "../../api/types.ts";
import { challengeOf, inspect, isHarmless, needsInspection, same } from "./inspect.ts";

const approval = (changes: Partial<Approval> = {}): Approval => ({
  id: "0199a0c2-0000-7000-8000-000000000001",
  runId: "0199a0c2-0000-7000-8000-000000000002",
  caseId: "8812",
  workflow: "refund",
  step: "/do/4/refund",
  kind: "tool",
  status: "pending",
  sentence: "Refund EUR 480.00 to customer C-1042 for case 8812",
  risk: "high",
  why: "Refunds above EUR 200.00 need a person.",
  requestedAt: "2026-11-21T09:00:00Z",
  expiresAt: null,
  tool: "payments.refund",
  amount: { minor: 48000, currency: "EUR" },
  rule: "large-refund",
  quorum: { needed: 1, given: 0 },
  to: { groups: [], users: [] },
  notBy: [],
  key: null,
  toolContract: null,
  arguments: { amount: 48000, customer: "C-1042" },
  argumentsText: '{"amount":48000,"customer":"C-1042"}',
  fields: [
    { pointer: "/amount", label: "Amount", value: 48000, render: "money", display: "EUR 480.00" },
  ],
  digest: "a".repeat(64),
  changes: [],
  evidence: [],
  missing: [],
  claims: [],
  decisions: [],
  choices: ["approve", "reject"],
  inspectable: true,
  uninspectableWhy: null,
  ...changes,
});

describe("the form shows everything that would be sent", () => {
  test("a value without a label in the contract is shown by its name", () => {
    const { rows, problems } = inspect(approval());
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        pointer: "/amount",
        label: "Amount",
        display: "EUR 480.00",
        exact: "48000",
        labelled: true,
      },
      { pointer: "/customer", label: "customer", display: "C-1042", exact: null, labelled: false },
    ]);
  });

  test("no arguments make no rows", () => {
    const empty = approval({ arguments: {}, argumentsText: "{}", fields: [] });
    expect(inspect(empty)).toEqual({ rows: [], problems: [] });
  });
});

describe("what is not faithful cannot be approved", () => {
  test.each<[string, Partial<Approval>]>([
    ["the server says so", { inspectable: false, uninspectableWhy: "Binary content." }],
    ["the server says so without a reason", { inspectable: false }],
    ["the canonical text is not JSON", { argumentsText: '{"amount":' }],
    [
      "the canonical text has another value",
      { argumentsText: '{"amount":48001,"customer":"C-1042"}' },
    ],
    [
      "the canonical text has one value more",
      { argumentsText: '{"amount":48000,"customer":"C-1042","x":1}' },
    ],
    [
      "a field shows another value",
      {
        fields: [
          { pointer: "/amount", label: "Amount", value: 480, render: "money", display: "EUR 4.80" },
        ],
      },
    ],
    [
      "a field points nowhere",
      {
        fields: [
          {
            pointer: "/sum",
            label: "Amount",
            value: 48000,
            render: "money",
            display: "EUR 480.00",
          },
        ],
      },
    ],
    ["a kind that this console does not know", { kind: "vote" as Approval["kind"] }],
  ])("%s", (_name, changes) => {
    expect(inspect(approval(changes)).problems.length).toBeGreaterThan(0);
  });
});

describe("JSON values are the same", () => {
  test.each([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [1, new ExactNumber("1.0"), true],
    [0.1, new ExactNumber("0.10"), true],
    [new ExactNumber("9007199254740993"), new ExactNumber("9007199254740992"), false],
    [new ExactNumber("9007199254740993"), "9007199254740993", true],
    [1, "2", false],
    [null, {}, false],
    [[], {}, false],
    [{ a: null }, { b: null }, false],
  ])("%j and %j: %s", (left, right, expected) => {
    expect(same(left, right)).toBe(expected);
  });
});

describe("high risk asks to type", () => {
  test("the amount, to approve", () => {
    expect(challengeOf(approval(), "approve")).toEqual({
      kind: "amount",
      minor: 48000,
      currency: "EUR",
    });
  });
  test("nothing, to reject or at lower risk", () => {
    expect(challengeOf(approval(), "reject")).toBeNull();
    expect(challengeOf(approval({ risk: "medium" }), "approve")).toBeNull();
  });
  test("the name of the tool where there is no amount", () => {
    expect(challengeOf(approval({ amount: null }), "approve")).toEqual({
      kind: "word",
      word: "payments.refund",
    });
  });
  test("a risk that is unknown here counts as high", () => {
    expect(challengeOf(approval({ risk: "severe" as Approval["risk"] }), "approve")).not.toBeNull();
  });
  test("to say that a call was not applied, because it is tried again", () => {
    const unknown = approval({ kind: "resolution", choices: ["applied", "absent"] });
    expect(challengeOf(unknown, "absent")).not.toBeNull();
    expect(challengeOf(unknown, "applied")).toBeNull();
  });
});

test("an uninspectable call can be rejected, and its unknown outcome settled", () => {
  expect(needsInspection(approval(), "approve")).toBe(true);
  expect(needsInspection(approval(), "reject")).toBe(false);
  expect(needsInspection(approval({ kind: "resolution" }), "absent")).toBe(false);
  expect(isHarmless(approval({ kind: "question" }), "Yes")).toBe(false);
});
