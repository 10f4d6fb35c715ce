import { expect, test } from "vitest";
import type { Step } from "../../api/types.ts";
import { bars, depths, joined } from "./outline.ts";

const step = (path: string, startedAt: string, endedAt: string | null): Step => ({
  step: path,
  name: path,
  kind: "tool",
  status: "completed",
  startedAt,
  endedAt,
  attempts: 1,
  verifications: 0,
  tool: null,
  scripted: false,
  run: null,
  items: null,
  summary: "",
  firstSequence: 1,
});

const T = (second: number) => `2026-11-21T09:00:0${second}Z`;

test("a step is as deep as the steps that enclose it", () => {
  const steps = ["/do/0/a", "/do/1/gather", "/do/1/gather/fork/0/order", "/do/10/ab"];
  expect(depths(steps.map((it) => step(it, T(0), T(1))))).toEqual([0, 0, 1, 0]);
});

test("bars lie on one axis from the first start to the last end, in order", () => {
  const [a, b] = bars([step("/a", T(0), T(1)), step("/b", T(1), T(4))], 0);
  expect(a!.from).toBe(0);
  expect(b!.from).toBeCloseTo(a!.width);
  expect(b!.from + b!.width).toBeCloseTo(1);
  expect(b!.width).toBeGreaterThan(a!.width);
});

test("a long wait leaves room for the work beside it", () => {
  const hours = "2026-11-21T19:00:00Z";
  const [work] = bars([step("/a", T(0), T(1)), step("/b", T(1), hours)], 0);
  expect(work!.width).toBeGreaterThan(0.2);
});

test("a step that runs reaches until now, and an instant can be seen", () => {
  const steps = [step("/a", T(0), T(0)), step("/b", T(0), null)];
  const [instant, running] = bars(steps, Date.parse(T(8)));
  expect(instant!.width).toBeGreaterThan(0);
  expect(running).toEqual({ from: 0, width: 1 });
});

test("a step that goes on in the page after stands once: begun as before, ended as after", () => {
  const loop = { ...step("/do/0/loop", T(0), null), kind: "for", status: "running" as const };
  const later = { ...step("/do/0/loop", T(5), T(6)), kind: "set", attempts: 2, firstSequence: 9 };
  const steps = joined([[loop, step("/do/0/loop/a", T(1), T(2))], [later, step("/b", T(7), null)]]);
  expect(steps.map((it) => it.step)).toEqual(["/do/0/loop", "/do/0/loop/a", "/b"]);
  expect(steps[0]).toMatchObject({
    kind: "for",
    status: "completed",
    startedAt: T(0),
    endedAt: T(6),
    attempts: 3,
    firstSequence: 1,
  });
});
