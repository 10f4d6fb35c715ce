import { expect, test } from "vitest";
import { durationMillis } from "./iso_duration.ts";

test("durations of the server, in milliseconds", () => {
  expect(durationMillis("PT0S")).toBe(0);
  expect(durationMillis("PT10M")).toBe(600_000);
  expect(durationMillis("P1DT2H30M")).toBe(95_400_000);
  expect(durationMillis("PT0.5S")).toBe(500);
  for (const none of ["", "P", "PT", "1h", "P1W", "-PT1S"]) expect(durationMillis(none)).toBeNaN();
});
