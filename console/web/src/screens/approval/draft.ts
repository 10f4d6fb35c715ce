// A decision in the making: survives a reload, a lost session and a restarted server.
import { useCallback, useState } from "react";
import { readStored, writeStored } from "../../parts/storage.ts";

export type Attempt = {
  readonly choice: string;
  readonly comment: string;
  readonly by: string;
};

export type Draft = {
  readonly comment: string;
  /** The attempt whose answer is not known; repeating its id cannot count twice. */
  readonly sent: (Attempt & { readonly id: string }) | null;
};

const EMPTY: Draft = { comment: "", sent: null };

function read(name: string): Draft {
  const text = readStored(name);
  if (text === null) return EMPTY;
  try {
    return { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export function useDraft(approval: string) {
  const name = `draft.${approval}`;
  const [draft, setDraft] = useState(() => read(name));
  const save = useCallback(
    (next: Draft) => {
      setDraft(next);
      writeStored(name, next.comment || next.sent ? JSON.stringify(next) : null);
    },
    [name],
  );
  const drop = useCallback(() => writeStored(name, null), [name]);
  return { draft, save, drop };
}

/** The id of this decision: the one of an unanswered attempt at the same, else a new one. */
export function decisionId(sent: Draft["sent"], now: Attempt): string {
  const repeated =
    sent?.choice === now.choice && sent.comment === now.comment && sent.by === now.by;
  return repeated ? sent.id : crypto.randomUUID();
}
