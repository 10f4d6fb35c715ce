import { describe, expect, test } from "vitest";
import { formatDuration, formatInstant, micros } from "./time.ts";

test("an instant keeps its microseconds", () => {
  expect(micros("2026-03-01T09:30:00.000001Z") - micros("2026-03-01T09:30:00Z")).toBe(1);
  expect(micros("2026-03-01T09:30:00.5Z") - micros("2026-03-01T09:30:00Z")).toBe(500_000);
});

test("a text that is no instant is shown as it is", () => {
  expect(formatInstant("soon")).toBe("soon");
});

describe("a duration has two units at most", () => {
  test.each([
    [0.42, "0.4 ms"],
    [420, "420 ms"],
    [999.7, "1.0 s"],
    [3210, "3.2 s"],
    [59_400, "59 s"],
    [250_000, "4 min 10 s"],
    [3_600_000, "1 h"],
    [18_720_000, "5 h 12 min"],
    [86_400_000 * 3 + 3_600_000 * 4, "3 d 4 h"],
    [NaN, "?"],
  ])("%s ms", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});
