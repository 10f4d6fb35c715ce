import { expect, test } from "vitest";
import type { Schedule } from "../../api/types.ts";
import { instantOf, latestFire, lengthOf, localOf, stateOf, timeOf } from "./schedule.ts";

const AT = "2026-11-21T06:00:00.000000Z";
const schedule: Schedule = {
  id: "11111111-1111-1111-1111-111111111111",
  workflow: { name: "reports/daily", version: "1.0.0", digest: "0".repeat(64) },
  when: "every PT1H",
  overlap: "skip",
  catchUp: "PT10M",
  jitter: "PT0S",
  publishedAt: AT,
  nextTimes: [],
  openRuns: [],
  recent: [
    { key: "a", what: "missed", at: AT },
    { key: AT, what: "started", at: AT },
  ],
};

test("a pause tells more than what is filled in meanwhile", () => {
  const backfill = { after: AT, until: AT, sideBySide: false, by: "ann", reason: "" };
  const paused = { by: "ann", reason: "why", at: AT };
  expect(stateOf(schedule)).toBe("active");
  expect(stateOf({ ...schedule, backfill })).toBe("filling");
  expect(stateOf({ ...schedule, backfill, paused })).toBe("paused");
});

test("the latest fire is the last one", () => {
  expect(latestFire(schedule)?.what).toBe("started");
  expect(latestFire({ ...schedule, recent: [] })).toBeUndefined();
});

test("keys are times, or something else", () => {
  expect(timeOf(AT)).toBe(AT);
  expect(timeOf(`trigger:${AT}`)).toBe(AT);
  expect(timeOf("event:shop:7")).toBeNull();
  expect(timeOf("trigger:later")).toBeNull();
});

test("lengths for people", () => {
  expect(lengthOf("PT2H")).toBe("2 h");
  expect(lengthOf("PT0S")).toBe("none");
  expect(lengthOf("soon")).toBe("soon");
});

test("a local time goes to the server and back", () => {
  const ms = Date.UTC(2026, 2, 29, 10, 30);
  expect(instantOf(localOf(ms))).toBe(new Date(ms).toISOString());
  expect(instantOf("")).toBeNull();
});
