// JSON values whose numbers keep the exact text that the server sent.
//
// JSON.parse rounds 9007199254740993 and writes 1.0 as 1. A reviewer must see what is there, so a
// number whose text would change is kept as an ExactNumber.

export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | ReadonlyArray<Json>
  | { readonly [name: string]: Json };

type SourceReviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

export function parseExact(text: string): Json {
  const keep: SourceReviver = (_key, value, context) => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined || String(value) === source) return value;
    return new ExactNumber(source);
  };
  // Browsers without source access (before 2025) fall back to rounded numbers in histories; the
  // approval card never depends on it, because it shows argumentsText.
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown) as Json;
}

export function isObject(value: Json): value is { readonly [name: string]: Json } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactNumber)
  );
}

/** Compact JSON text; the inverse of parseExact. */
export function textOf(value: Json): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([name, it]) => `${JSON.stringify(name)}:${textOf(it)}`,
    );
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The value at an RFC 6901 pointer, or undefined where the pointer leads nowhere. */
export function at(value: Json, pointer: string): Json | undefined {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  let here: Json | undefined = value;
  for (const token of pointer.slice(1).split("/")) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (here === undefined) return undefined;
    if (Array.isArray(here)) here = /^(0|[1-9]\d*)$/.test(name) ? here[Number(name)] : undefined;
    else here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here;
}

/** Every value that has nothing below it, with its pointer, in document order. */
export function leaves(value: Json, pointer = ""): Array<{ pointer: string; value: Json }> {
  const entries: Array<[string, Json]> | null = Array.isArray(value)
    ? value.map((it, index) => [String(index), it])
    : isObject(value)
      ? Object.entries(value)
      : null;
  if (entries === null || entries.length === 0) return [{ pointer, value }];
  return entries.flatMap(([name, it]) =>
    leaves(it, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}
