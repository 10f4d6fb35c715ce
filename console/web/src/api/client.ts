// The only place that talks to the server: requests out, values or one of two errors back.
import { parseExact } from "./json.ts";
import type { Problem } from "./types.ts";

/** The server answered and refused. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** No answer, or one that is not from this API. */
export class Unreachable extends Error {}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

export function get<T>(path: string, parameters: Parameters, signal: AbortSignal): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const suffix = query.size ? `?${query}` : "";
  return send<T>(`/api/v1${path}${suffix}`, { signal });
}

export function post<T>(path: string, body: object): Promise<T> {
  return send<T>(`/api/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function send<T>(url: string, request: RequestInit): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, { ...request, cache: "no-store", credentials: "same-origin" });
    text = await answer.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    throw new Unreachable(`${answer.status} with a body that is not JSON`);
  }
  if (answer.ok) return value as T;
  if (isProblem(value)) throw new ApiProblem(value);
  throw new Unreachable(`${answer.status} without a problem description`);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "title" in value;
}
