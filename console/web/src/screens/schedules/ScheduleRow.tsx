// One schedule in the list.
import { Link } from "@tanstack/react-router";
import type { Schedule } from "../../api/types.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { useServerNow } from "../../live/clock.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Instant } from "../../parts/times.tsx";
import { label, texts } from "../../texts.ts";
import { FireTime } from "./FireTime.tsx";
import { latestFire, lengthOf, stateOf } from "./schedule.ts";

export function ScheduleRow({ schedule, index }: { schedule: Schedule; index: number }) {
  const columns = texts.schedules.columns;
  const last = latestFire(schedule);
  return (
    <div className="schedule-row">
      <span className="schedule-state">
        <StatusBadge status={stateOf(schedule)} />
      </span>
      <Link
        to="/schedules/$id"
        params={{ id: schedule.id }}
        className="stretched"
        data-row={index}
      >
        {schedule.workflow.name} <span className="quiet">{schedule.workflow.version}</span>
      </Link>
      <span className="schedule-when">{schedule.when}</span>
      <span className="schedule-cell">
        <span className="cell-name">{columns.next}</span>
        <NextFire schedule={schedule} />
      </span>
      <span className="schedule-cell">
        <span className="cell-name">{columns.last}</span>
        {last ? (
          <span className="schedule-last">
            <StatusBadge status={last.what} />
            <FireTime fire={last.key} />
          </span>
        ) : (
          <span className="quiet">{texts.schedules.never}</span>
        )}
      </span>
      <span className="schedule-cell">
        <span className="cell-name">{columns.rules}</span>
        <span>
          {label(texts.schedules.overlap, schedule.overlap)}{" "}
          <span className="quiet">{texts.schedules.catchUp(lengthOf(schedule.catchUp))}</span>
        </span>
      </span>
    </div>
  );
}

/** When a run starts next, and how long it is until then. */
export function NextFire({ schedule }: { schedule: Schedule }) {
  const now = useServerNow();
  const next = schedule.nextTimes[0];
  if (schedule.paused) return <span className="quiet">{texts.schedules.notWhilePaused}</span>;
  if (!next) return <span className="quiet">{texts.schedules.unplanned}</span>;
  const left = millis(next) - now;
  return (
    <span className="schedule-next">
      <Instant at={next} />{" "}
      <span className="quiet">
        {left <= 0 ? texts.schedules.due : texts.schedules.in(formatDuration(left))}
      </span>
    </span>
  );
}
