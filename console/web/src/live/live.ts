// Keeps what the screens show in step with the server: reads the stream, refetches what changed.
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { correctApprovalLists, keys } from "../api/queries.ts";
import type { Approval, ApprovalStatus, Run } from "../api/types.ts";
import { openSource, type LiveMessage } from "./source.ts";

export type Connection = "connecting" | "live" | "lost";

const FLUSH_MS = 1000; // a busy run changes hundreds of times a second; a reader does not

let connection: Connection = "connecting";
let arrived: ReadonlySet<string> = new Set();
const watchers = new Set<() => void>();

function publish() {
  for (const each of watchers) each();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => connection);
}

/** Approvals that were raised since the inbox was last read. */
export function useArrived(): ReadonlySet<string> {
  return useSyncExternalStore(watch, () => arrived);
}

export function forgetArrived(): void {
  if (arrived.size === 0) return;
  arrived = new Set();
  publish();
}

/** Starts the stream; one call per page. */
export function startLive(client: QueryClient): void {
  let changedRuns = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushed = 0;

  function flush() {
    timer = undefined;
    flushed = Date.now();
    for (const [id, sequence] of changedRuns) {
      const known = client.getQueryData<Run>(keys.run(id));
      if (known && known.sequence < sequence) {
        void client.invalidateQueries({ queryKey: keys.run(id) });
      }
    }
    if (changedRuns.size) {
      void client.invalidateQueries({ queryKey: keys.runs });
      void client.invalidateQueries({ queryKey: keys.schedules }); // one may have started it
    }
    changedRuns = new Map();
  }

  function onRun(id: string, sequence: number) {
    changedRuns.set(id, sequence);
    timer ??= setTimeout(flush, Math.max(0, flushed + FLUSH_MS - Date.now()));
  }

  function onApproval(id: string, status: string) {
    const known = client.getQueryData<Approval>(keys.approval(id));
    if (known && known.status !== status) {
      void client.invalidateQueries({ queryKey: keys.approval(id) });
    }
    void client.invalidateQueries({ queryKey: [...keys.approvals, "run"] });
    if (status === "pending") {
      arrived = new Set(arrived).add(id);
    } else {
      arrived = new Set([...arrived].filter((it) => it !== id));
      correctApprovalLists(client, { id, status: status as ApprovalStatus });
    }
    publish();
  }

  function onState(connected: boolean) {
    const was = connection;
    connection = connected ? "live" : "lost";
    publish();
    // Before the first connection nothing was noticed, and after a lost one the server may be
    // another: its restart must not leave an old list on the screen.
    if (connected && was !== "live") readAgain(client);
  }

  listen((message) => {
    if (message.kind === "run") onRun(message.run, message.sequence);
    else if (message.kind === "approval") onApproval(message.approval, message.status);
    else if (message.kind === "resync") readAgain(client);
    else onState(message.connected);
  });
}

/** Everything but histories: their events never change, and they grow with their run. */
function readAgain(client: QueryClient): void {
  void client.invalidateQueries({ predicate: (it) => it.queryKey[0] !== keys.history("")[0] });
}

function listen(tell: (message: LiveMessage) => void): void {
  if (typeof SharedWorker === "undefined") {
    openSource(tell);
    return;
  }
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: "resolute-stream",
  });
  worker.onerror = () => openSource(tell); // the browser refuses workers here
  worker.port.onmessage = (event: MessageEvent<LiveMessage>) => tell(event.data);
  addEventListener("pagehide", () => worker.port.postMessage("goodbye"));
  // A page taken back from the browser's cache has said goodbye and missed events since.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
