// The search parameters of each screen, read from the URL. What is not understood is dropped.

export type InboxSearch = { status?: string; risk?: string; q?: string };
export type RunsSearch = {
  status?: string;
  workflow?: string;
  case?: string;
  parent?: string;
  forkedFrom?: string;
};
export type RunSearch = { at?: number };

type Raw = Record<string, unknown>;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const WORD = /^[a-z_]{1,40}$/;

function word(value: unknown): string | undefined {
  return typeof value === "string" && WORD.test(value) ? value : undefined;
}

function id(value: unknown): string | undefined {
  return typeof value === "string" && ID.test(value) ? value : undefined;
}

// The router reads ?case=8812 as a number; a case id is a text.
function text(value: unknown): string | undefined {
  const raw = typeof value === "number" ? String(value) : value;
  return typeof raw === "string" && raw !== "" ? raw.slice(0, 200) : undefined;
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined)) as never;
}

export function inboxSearch(raw: Raw): InboxSearch {
  const status = word(raw.status);
  return defined({
    status: status === "pending" ? undefined : status,
    risk: word(raw.risk),
    q: text(raw.q),
  });
}

export function runsSearch(raw: Raw): RunsSearch {
  return defined({
    status: word(raw.status),
    workflow: text(raw.workflow),
    case: text(raw.case),
    parent: id(raw.parent),
    forkedFrom: id(raw.forkedFrom),
  });
}

export function runSearch(raw: Raw): RunSearch {
  const at = Number(raw.at);
  return defined({ at: Number.isSafeInteger(at) && at > 0 ? at : undefined });
}
