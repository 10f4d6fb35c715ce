// Where each step stands in the outline and on the time axis.
import type { Step } from "../../api/types.ts";
import { millis } from "../../format/time.ts";

export type Bar = { readonly from: number; readonly width: number };

/** Pages of steps in order as one list; a step that goes on in a later page stands in it once. */
export function joined(pages: ReadonlyArray<ReadonlyArray<Step>>): Step[] {
  const steps = new Map<string, Step>();
  for (const step of pages.flat()) {
    const before = steps.get(step.step);
    steps.set(step.step, before ? continued(before, step) : step);
  }
  return [...steps.values()];
}

/** How it began is told by the page before, how it stands by the page after. */
function continued(before: Step, after: Step): Step {
  return {
    ...after,
    kind: before.kind,
    startedAt: before.startedAt,
    firstSequence: before.firstSequence,
    tool: after.tool ?? before.tool,
    summary: after.summary || before.summary,
    scripted: before.scripted || after.scripted,
    attempts: before.attempts + after.attempts,
    verifications: before.verifications + after.verifications,
  };
}

/** How many other steps enclose each one, told from their paths. */
export function depths(steps: ReadonlyArray<Step>): number[] {
  const paths = new Set(steps.map((it) => it.step));
  return steps.map((it) => {
    let depth = 0;
    for (let end = it.step.lastIndexOf("/"); end > 0; end = it.step.lastIndexOf("/", end - 1)) {
      if (paths.has(it.step.slice(0, end))) depth += 1;
    }
    return depth;
  });
}

const LEAST = 0.006; // of the axis: an instant still shows

/**
 * Bars as fractions of the time between the first start and `now`. The axis keeps the order of all
 * starts and ends but draws long pauses shorter (by the logarithm): beside hours of waiting for a
 * person, milliseconds of work would vanish.
 */
export function bars(steps: ReadonlyArray<Step>, now: number): Bar[] {
  const starts = steps.map((it) => millis(it.startedAt));
  const ends = steps.map((it) => (it.endedAt === null ? now : millis(it.endedAt)));
  const moments = [...new Set([...starts, ...ends])].toSorted((a, b) => a - b);
  const places = new Map<number, number>();
  let place = 0;
  moments.forEach((moment, index) => {
    if (index > 0) place += Math.log1p(moment - moments[index - 1]!);
    places.set(moment, place);
  });
  const whole = Math.max(1e-6, place);
  return steps.map((_, index) => {
    const from = places.get(starts[index]!)! / whole;
    const to = places.get(Math.max(starts[index]!, ends[index]!))! / whole;
    const width = Math.max(LEAST, to - from);
    return { from: Math.min(from, 1 - width), width };
  });
}
