// Which fire it was: its time where it has one, else what it was for.
import { Revealed } from "../../parts/Revealed.tsx";
import { Instant } from "../../parts/times.tsx";
import { timeOf } from "./schedule.ts";

export function FireTime({ fire }: { fire: string }) {
  const at = timeOf(fire);
  return at === null ? <Revealed text={fire} foldable={false} /> : <Instant at={at} />;
}
