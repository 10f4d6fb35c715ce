// Money as integers of the smallest unit; no floating point anywhere.

export function fractionDigits(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** 48000 of EUR is "EUR 480.00". */
export function formatMoney(minor: number | bigint, currency: string): string {
  return `${currency} ${formatAmount(minor, currency)}`;
}

/** 48000 of EUR is "480.00". */
export function formatAmount(minor: number | bigint, currency: string): string {
  const digits = fractionDigits(currency);
  const exact = BigInt(minor);
  const sign = exact < 0n ? "-" : "";
  const padded = (exact < 0n ? -exact : exact).toString().padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  return digits ? `${sign}${whole}.${padded.slice(-digits)}` : `${sign}${whole}`;
}

/**
 * What a person typed as an amount, in the smallest unit; null when it could mean anything else.
 * "480", "480.00", "480,00", "1,234.50", "1.234,50", "1 234.50" and a leading or trailing currency
 * code are understood; "1,234" is one thousand and more only where no fraction has three digits.
 */
export function typedAmount(typed: string, currency: string): bigint | null {
  const digits = fractionDigits(currency);
  const bare = typed
    .replace(new RegExp(`^\\s*${currency}\\b|\\b${currency}\\s*$`, "i"), "")
    .replace(/[\u00a0\u202f]/g, " ")
    .trim();
  const fraction = digits ? new RegExp(`[.,](\\d{${digits}})$`).exec(bare) : null;
  const whole = fraction ? bare.slice(0, fraction.index) : bare;
  const separator = fraction?.[0][0];
  const grouped = /^-?\d{1,3}(?:([ ,.’'])\d{3})(?:\1\d{3})*$/.exec(whole);
  if (!grouped && !/^-?\d+$/.test(whole)) return null;
  if (grouped && grouped[1] === separator) return null;
  return BigInt(whole.replace(/[^-\d]/g, "") + (fraction?.[1] ?? "0".repeat(digits)));
}
