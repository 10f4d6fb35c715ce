// Instants and durations for people. The server writes microseconds in UTC.

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

/** Microseconds since 1970, or NaN for a text that is no instant. */
export function micros(at: string): number {
  const parts = INSTANT.exec(at);
  if (!parts) return NaN;
  return Date.parse(`${parts[1]}Z`) * 1000 + Number((parts[2] ?? "").padEnd(6, "0"));
}

export function millis(at: string): number {
  return micros(at) / 1000;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** "21 Nov 2026, 03:00:38" in the reader's time zone. */
export function formatInstant(at: string): string {
  const ms = millis(at);
  if (Number.isNaN(ms)) return at;
  return `${DAY.format(ms)}, ${CLOCK.format(ms)}`;
}

/** "03:00:38.042" in the reader's time zone. */
export function formatClock(at: string): string {
  const ms = millis(at);
  if (Number.isNaN(ms)) return at;
  return `${CLOCK.format(ms)}.${String(Math.floor(ms) % 1000).padStart(3, "0")}`;
}

export function formatDay(at: string): string {
  const ms = millis(at);
  return Number.isNaN(ms) ? at : DAY.format(ms);
}

/** Two units at most: "0.4 ms", "420 ms", "3.2 s", "4 min 10 s", "5 h 12 min", "3 d 4 h". */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "?";
  const ms = Math.abs(milliseconds);
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, 60, "min", 1, "s");
  if (seconds < 86_400) return pair(seconds, 3600, "h", 60, "min");
  return pair(seconds, 86_400, "d", 3600, "h");
}

function pair(seconds: number, large: number, unit: string, small: number, rest: string): string {
  const whole = Math.floor(seconds / large);
  const part = Math.floor((seconds - whole * large) / small);
  return part ? `${whole} ${unit} ${part} ${rest}` : `${whole} ${unit}`;
}
