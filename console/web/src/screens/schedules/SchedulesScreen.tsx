// All schedules: what fires next, what became of the latest fire, and by which rules.
import { useQuery } from "@tanstack/react-query";
import { schedulesQuery } from "../../api/queries.ts";
import { useKeys } from "../../parts/keys.ts";
import { Empty, Failure, Loading, Stale } from "../../parts/states.tsx";
import { useTitle } from "../../parts/useTitle.ts";
import { texts } from "../../texts.ts";
import { ScheduleRow } from "./ScheduleRow.tsx";

export function SchedulesScreen() {
  useTitle(texts.schedules.title);
  const query = useQuery(schedulesQuery);
  const items = query.data?.items ?? [];
  const move = (by: number) => () => {
    const rows = [...document.querySelectorAll<HTMLElement>(".schedules [data-row]")];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys({ j: move(1), k: move(-1) });
  const columns = texts.schedules.columns;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{texts.schedules.title}</h1>
        {items.length > 0 && <span className="quiet">{texts.schedules.count(items.length)}</span>}
      </div>
      {query.isError && query.data && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading />
      ) : !query.data ? (
        <Failure error={query.error!} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty
          icon="clock"
          title={texts.schedules.empty}
          remedy={texts.schedules.emptyRemedy}
        />
      ) : (
        <>
          <div className="schedules-columns" aria-hidden="true">
            {Object.values(columns).map((name) => (
              <span key={name}>{name}</span>
            ))}
          </div>
          <ol className="schedules">
            {items.map((schedule, index) => (
              <li key={schedule.id}>
                <ScheduleRow schedule={schedule} index={index} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
