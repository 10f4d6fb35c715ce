// Instants, ages and countdowns by the server's clock.
import { formatDuration, formatInstant, millis } from "../format/time.ts";
import { useServerNow } from "../live/clock.ts";
import { texts } from "../texts.ts";

export function Instant({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {formatInstant(at)}
    </time>
  );
}

/** How long ago, through a sentence of the catalogue. */
export function Age({ at, say }: { at: string; say: (age: string) => string }) {
  const now = useServerNow();
  return (
    <time dateTime={at} title={`${formatInstant(at)} (${at})`}>
      {say(coarse(Math.max(0, now - millis(at))))}
    </time>
  );
}

/** Seconds tick only in the last two minutes: a calm page does not flicker. */
function coarse(ms: number): string {
  if (ms < 120_000) return formatDuration(Math.max(1000, Math.floor(ms / 1000) * 1000));
  return formatDuration(Math.floor(ms / 60_000) * 60_000);
}

export function useIsPast(at: string | null): boolean {
  const now = useServerNow();
  return at !== null && millis(at) <= now;
}

const SOON_MS = 3_600_000;

export function TimeLeft({ until }: { until: string | null }) {
  const now = useServerNow();
  if (until === null) return <span className="quiet">{texts.inbox.noExpiry}</span>;
  const left = millis(until) - now;
  return (
    <time
      dateTime={until}
      title={`${formatInstant(until)} (${until})`}
      className={left < SOON_MS ? "urgent" : undefined}
    >
      {left <= 0 ? texts.inbox.pastDue : texts.inbox.left(coarse(left))}
    </time>
  );
}
