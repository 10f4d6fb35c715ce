import { describe, expect, test } from "vitest";
import type { ApprovalSummary } from "../../api/types.ts";
import { matches } from "./inbox.ts";

const refund: ApprovalSummary = {
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
};

describe("the filters of the inbox", () => {
  test.each([
    [{}, true],
    [{ risk: "high" }, true],
    [{ risk: "low" }, false],
    [{ q: "c-1042" }, true],
    [{ q: "PAYMENTS" }, true],
    [{ q: "C-9" }, false],
    [{ q: "c-1042", risk: "low" }, false],
  ])("%j", (filter, expected) => {
    expect(matches(refund, filter)).toBe(expected);
  });
});
