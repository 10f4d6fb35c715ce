import { describe, expect, test } from "vitest";
import { formatMoney, typedAmount } from "./money.ts";

describe("an amount is written with the digits of its currency", () => {
  test.each([
    [48000, "EUR", "EUR 480.00"],
    [5, "EUR", "EUR 0.05"],
    [0, "EUR", "EUR 0.00"],
    [123456789, "USD", "USD 1,234,567.89"],
    [1500, "JPY", "JPY 1,500"],
    [1500, "KWD", "KWD 1.500"],
    [-48000, "EUR", "EUR -480.00"],
    [9007199254740991, "EUR", "EUR 90,071,992,547,409.91"],
  ])("%s of %s", (minor, currency, expected) => {
    expect(formatMoney(minor, currency)).toBe(expected);
  });
});

describe("a typed amount is understood in the forms that people write", () => {
  test.each([
    ["480", 48000n],
    ["480.00", 48000n],
    ["480,00", 48000n],
    [" EUR 480.00 ", 48000n],
    ["480.00 eur", 48000n],
    ["1,234.50", 123450n],
    ["1.234,50", 123450n],
    ["1 234,50", 123450n],
    ["1234.50", 123450n],
    ["1,234", 123400n],
  ])("%s", (typed, expected) => {
    expect(typedAmount(typed, "EUR")).toBe(expected);
  });
});

describe("what is not surely that amount is refused", () => {
  test.each([
    "",
    "abc",
    "48O.00",
    "480.0",
    "480.000.0",
    "4,80.00",
    "1.234.50",
    "USD 480.00",
    "4 80",
  ])("%s", (typed) => {
    expect(typedAmount(typed, "EUR")).toBeNull();
  });
});

test("a currency without a fraction takes whole numbers only", () => {
  expect(typedAmount("1500", "JPY")).toBe(1500n);
  expect(typedAmount("1,500", "JPY")).toBe(1500n);
  expect(typedAmount("15.00", "JPY")).toBeNull();
});
