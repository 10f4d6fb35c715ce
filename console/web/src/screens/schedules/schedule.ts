// What a schedule comes to in a word, and how the keys of its fires read.
import type { Fired, Schedule } from "../../api/types.ts";
import { durationMillis } from "../../format/iso_duration.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { texts } from "../../texts.ts";

/** A word of `texts.status`. */
export function stateOf(schedule: Schedule): "paused" | "filling" | "active" {
  if (schedule.paused) return "paused";
  return schedule.backfill ? "filling" : "active";
}

/** The server keeps the latest fires, oldest first. */
export function latestFire(schedule: Schedule): Fired | undefined {
  return schedule.recent.at(-1);
}

const BY_HAND = "trigger:";

/** The time that a fire was for, or at which a hand asked for it; null for an event. */
export function timeOf(key: string): string | null {
  const at = key.startsWith(BY_HAND) ? key.slice(BY_HAND.length) : key;
  return Number.isNaN(millis(at)) ? null : at;
}

/** "2 h", "none"; a text that is not understood as it came. */
export function lengthOf(duration: string): string {
  const ms = durationMillis(duration);
  if (Number.isNaN(ms)) return duration;
  return ms === 0 ? texts.schedules.none : formatDuration(ms);
}

/** What is typed into a field of a local time, as an instant of the API; null while it is none. */
export function instantOf(local: string): string | null {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** For such a field: the reader's own time, to the minute. */
export function localOf(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}
