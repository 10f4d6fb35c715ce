// One EventSource on the server's stream, reopened with jitter when the browser gives up on it.

export type LiveMessage =
  | { readonly kind: "run"; readonly run: string; readonly sequence: number }
  | { readonly kind: "approval"; readonly approval: string; readonly status: string }
  | { readonly kind: "resync" }
  | { readonly kind: "state"; readonly connected: boolean };

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/** Runs until the returned function is called. Messages are ids only: the reader fetches. */
export function openSource(tell: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let missed = false; // a new EventSource cannot say what the old one had seen

  function open() {
    source = new EventSource("/api/v1/stream");
    source.onopen = () => {
      failures = 0;
      tell({ kind: "state", connected: true });
      if (missed) tell({ kind: "resync" });
      missed = false;
    };
    source.onerror = () => {
      tell({ kind: "state", connected: false });
      if (source?.readyState !== EventSource.CLOSED) return; // it reconnects by itself
      missed = true;
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
      failures += 1;
      timer = setTimeout(open, delay * (0.5 + Math.random()));
    };
    for (const kind of ["run", "approval", "resync"] as const) {
      source.addEventListener(kind, (event) => {
        const message = read(kind, event.data);
        if (message) tell(message);
      });
    }
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** A message that cannot be read means that something was missed. */
export function read(kind: "run" | "approval" | "resync", data: string): LiveMessage {
  try {
    const value = JSON.parse(data) as Record<string, unknown>;
    const { run, sequence, approval, status } = value;
    if (kind === "run" && typeof run === "string" && typeof sequence === "number") {
      return { kind, run, sequence };
    }
    if (kind === "approval" && typeof approval === "string" && typeof status === "string") {
      return { kind, approval, status };
    }
  } catch {
    // falls through: not JSON
  }
  return { kind: "resync" };
}
