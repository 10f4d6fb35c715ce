// Icons and tones for kinds of steps and events. New kinds are welcome: they get the plain one.
import type { Tone } from "../../parts/badges.tsx";
import type { IconName } from "../../parts/icons.tsx";

const STEPS: Readonly<Record<string, IconName>> = {
  tool: "tool",
  http: "tool",
  mcp: "tool",
  model: "model",
  agent: "model",
  approval: "person",
  wait: "clock",
  timer: "clock",
  raise: "alert",
  run: "runs",
  map: "runs",
};

export function iconOf(stepKind: string): IconName {
  return Object.hasOwn(STEPS, stepKind) ? STEPS[stepKind]! : "flow";
}

// Told by the words of the kind, because facts are named in past tense: activity_failed.
const TONES: ReadonlyArray<readonly [RegExp, Tone]> = [
  [/unknown|uncertain|quarantin/, "warn"],
  [/fail|fault|reject|denied|refus|expired/, "bad"],
  [/approval|decision|signal/, "wait"],
  [/model/, "model"],
  [/succeed|complet|approved|applied|permitted/, "good"],
  [/started|intended|dispatch|schedul/, "busy"],
];

export function toneOf(eventKind: string): Tone {
  return TONES.find(([pattern]) => pattern.test(eventKind))?.[1] ?? "calm";
}
