// Decides whether what the card shows is faithfully what would run. Where it is not, nobody may
// approve: a form that leaves something out is how people are deceived.
import {
  at,
  ExactNumber,
  isObject,
  leaves,
  parseExact,
  textOf,
  type Json,
} from "../../api/json.ts";
import type { Approval } from "../../api/types.ts";
import { label, texts } from "../../texts.ts";

export type Row = {
  readonly pointer: string;
  readonly label: string;
  /** The value as a person reads it. */
  readonly display: string;
  /** The value itself, where it does not read like its display. */
  readonly exact: string | null;
  /** False for a value that the contract says nothing about. */
  readonly labelled: boolean;
};

export type Inspection = {
  readonly rows: ReadonlyArray<Row>;
  readonly problems: ReadonlyArray<string>;
};

export function inspect(approval: Approval): Inspection {
  const problems: string[] = [];
  if (!approval.inspectable)
    problems.push(approval.uninspectableWhy ?? texts.approval.reasons.server);
  if (!Object.hasOwn(texts.kind, approval.kind)) {
    problems.push(texts.approval.reasons.kind(approval.kind));
  }
  const sent = parsed(approval.argumentsText);
  if (sent === undefined) {
    problems.push(texts.approval.reasons.text);
    return { rows: [], problems };
  }
  if (!same(sent, approval.arguments)) problems.push(texts.approval.reasons.differs(""));
  for (const field of approval.fields) {
    const value = at(sent, field.pointer);
    if (value === undefined || !same(value, field.value)) {
      problems.push(texts.approval.reasons.differs(field.pointer));
    }
  }
  return { rows: rowsOf(approval, sent), problems };
}

// The contract's fields, then every value that none of them covers.
function rowsOf(approval: Approval, sent: Json): Row[] {
  const labelled = approval.fields.map((field) => ({
    pointer: field.pointer,
    label: field.label,
    display: field.display,
    exact: readingOf(at(sent, field.pointer), field.display),
    labelled: true,
  }));
  const pointers = approval.fields.map((field) => field.pointer);
  const covered = (pointer: string) =>
    pointers.some((it) => pointer === it || pointer.startsWith(`${it}/`));
  const rest = leaves(sent)
    .filter((leaf) => !covered(leaf.pointer))
    .filter((leaf) => leaf.pointer !== "" || !isEmptyContainer(leaf.value))
    .map((leaf) => ({
      pointer: leaf.pointer,
      label: leaf.pointer.split("/").at(-1)!.replaceAll("~1", "/").replaceAll("~0", "~"),
      display: plain(leaf.value),
      exact: null,
      labelled: false,
    }));
  return [...labelled, ...rest];
}

function isEmptyContainer(value: Json): boolean {
  return (
    (Array.isArray(value) && value.length === 0) || (isObject(value) && !Object.keys(value).length)
  );
}

function readingOf(value: Json | undefined, display: string): string | null {
  if (value === undefined) return null;
  const exact = plain(value);
  return exact === display ? null : exact;
}

/** A text as it is, anything else as JSON. */
function plain(value: Json): string {
  return typeof value === "string" ? value : textOf(value);
}

function parsed(text: string): Json | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** Equal as JSON values: the order of names does not matter, the digits of numbers do. */
export function same(left: Json, right: Json): boolean {
  if (isNumber(left) || isNumber(right)) return sameNumber(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((it, index) => same(it, right[index]!));
  }
  if (isObject(left) && isObject(right)) {
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && same(left[name]!, right[name]!))
    );
  }
  return left === right;
}

function isNumber(value: Json): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

// 1.0 and 1 are one value; two integers that only rounding makes equal are not. The canonical form
// writes an integer beyond 2^53 as a string of its digits.
function sameNumber(left: Json, right: Json): boolean {
  const texts = [left, right].map((it) => (typeof it === "string" ? it : textOf(it)));
  if (texts[0] === texts[1]) return true;
  if (!isNumber(left) || !isNumber(right)) return false;
  const [a, b] = texts.map(Number);
  return a === b && (!Number.isInteger(a) || Number.isSafeInteger(a));
}

/** What must be typed before a dangerous choice counts; null when nothing must. */
export type Challenge =
  | { readonly kind: "amount"; readonly minor: number; readonly currency: string }
  | { readonly kind: "word"; readonly word: string };

export function challengeOf(approval: Approval, choice: string): Challenge | null {
  const lowered = approval.risk === "low" || approval.risk === "medium"; // what is unknown is high
  if (lowered || isHarmless(approval, choice)) return null;
  if (approval.amount) return { kind: "amount", ...approval.amount };
  return { kind: "word", word: approval.tool ?? approval.caseId ?? approval.workflow };
}

/** True for a choice that lets nothing run: rejecting, or saying that a call was applied. */
export function isHarmless(approval: Approval, choice: string): boolean {
  if (approval.kind === "tool") return choice === "reject";
  return approval.kind === "resolution" && choice === "applied";
}

/** True where the choice depends on what the card shows being faithful. */
export function needsInspection(approval: Approval, choice: string): boolean {
  return approval.kind !== "resolution" && !isHarmless(approval, choice);
}

export function choiceLabel(approval: Approval, choice: string): string {
  if (approval.kind === "question") return choice; // the author's words
  return Object.hasOwn(texts.approval.choices, choice)
    ? label(texts.approval.choices, choice)
    : choice;
}
