// One schedule: when it fires, by which rules, what became of its fires, and what to do with it.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { scheduleQuery } from "../../api/queries.ts";
import type { Fired, Schedule } from "../../api/types.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Icon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.ts";
import { Revealed } from "../../parts/Revealed.tsx";
import { Failure, Loading, Stale } from "../../parts/states.tsx";
import { Instant } from "../../parts/times.tsx";
import { useTitle } from "../../parts/useTitle.ts";
import { texts } from "../../texts.ts";
import { FireTime } from "./FireTime.tsx";
import { ScheduleHead } from "./ScheduleHead.tsx";

const route = getRouteApi("/schedules/$id");

export function ScheduleScreen() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(scheduleQuery(id));
  const schedule = query.data;
  useTitle(schedule?.workflow.name ?? texts.schedules.screen);
  useKeys({ Escape: () => void navigate({ to: "/schedules" }) });
  return (
    <div className="page">
      <div className="crumbs">
        <Link to="/schedules" className="link">
          <Icon name="back" />
          {texts.schedules.back}
        </Link>
      </div>
      {query.isError && schedule && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading heading={texts.schedules.screen} />
      ) : schedule ? (
        <>
          <ScheduleHead schedule={schedule} />
          <NextTimes schedule={schedule} />
          <OpenRuns schedule={schedule} />
          <RecentFires fires={schedule.recent.toReversed()} />
        </>
      ) : (
        <Failure wholePage error={query.error!} retry={() => void query.refetch()} />
      )}
    </div>
  );
}

function NextTimes({ schedule }: { schedule: Schedule }) {
  const { nextTimes, paused } = schedule;
  return (
    <section aria-labelledby="next">
      <h2 id="next">{texts.schedules.next}</h2>
      {nextTimes.length === 0 && (
        <p className="quiet">
          {paused ? texts.schedules.notWhilePaused : texts.schedules.unplanned}
        </p>
      )}
      <ol className="times">
        {nextTimes.map((at) => (
          <li key={at}>
            <Instant at={at} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OpenRuns({ schedule }: { schedule: Schedule }) {
  if (schedule.openRuns.length === 0) return null;
  return (
    <section aria-labelledby="open">
      <h2 id="open">{texts.schedules.open}</h2>
      <ul className="fires">
        {schedule.openRuns.map((open) => (
          <li key={open.run} className="fire-row">
            <StatusBadge status="running" />
            <FireTime fire={open.key} />
            <RunLink run={open.run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RecentFires({ fires }: { fires: ReadonlyArray<Fired> }) {
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{texts.schedules.recent}</h2>
      {fires.length === 0 && <p className="quiet">{texts.schedules.noRecent}</p>}
      <ol className="fires">
        {fires.map((fired) => (
          <li key={fired.key + fired.at} className="fire-row">
            <StatusBadge status={fired.what} />
            <FireTime fire={fired.key} />
            {fired.run && <RunLink run={fired.run} />}
            {fired.why && (
              <span className="quiet">
                <Revealed text={fired.why} reading="prose" foldable={false} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function RunLink({ run }: { run: string }) {
  return (
    <Link to="/runs/$id" params={{ id: run }} className="link" title={run}>
      {texts.schedules.run}
    </Link>
  );
}
