// Durations as the server writes them, ISO 8601 with days at most: "P1D", "PT2H30M", "PT0.5S".

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000];

/** Milliseconds, or NaN for a text that is no such duration. */
export function durationMillis(text: string): number {
  const parts = DURATION.exec(text);
  if (!parts || parts.slice(1).every((it) => it === undefined)) return NaN;
  return UNITS_MS.reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0);
}
