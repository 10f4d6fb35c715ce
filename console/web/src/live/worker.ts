// A SharedWorker that holds the one stream of this browser for all its tabs.
import { openSource, type LiveMessage } from "./source.ts";

const ports = new Set<MessagePort>();
let connected = false;

openSource((message: LiveMessage) => {
  if (message.kind === "state") connected = message.connected;
  for (const port of ports) port.postMessage(message);
});

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0]!;
  ports.add(port);
  port.onmessage = () => ports.delete(port); // the tab says goodbye
  if (connected) port.postMessage({ kind: "state", connected } satisfies LiveMessage);
});
