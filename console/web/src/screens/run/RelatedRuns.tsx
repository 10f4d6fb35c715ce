// The latest of the runs that this run started, or that begin with what it has done. However many
// there are, a few are shown and the list of runs has the others.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runsQuery } from "../../api/queries.ts";
import type { RunsSearch } from "../../search.ts";
import { texts } from "../../texts.ts";
import { RunRow } from "../runs/RunRow.tsx";

const SHOWN = 5;
export const COUNTED = 500; // the server counts no further

export function countText(count: number): string {
  return count < COUNTED ? count.toLocaleString("en") : texts.run.atLeast(count);
}

export function RelatedRuns(props: { title: string; count: number; search: RunsSearch }) {
  const { title, count, search } = props;
  const pages = useInfiniteQuery(runsQuery(search, useQueryClient())).data?.pages;
  const items = pages?.[0]?.items.slice(0, SHOWN) ?? [];
  return (
    <section aria-label={title} className="related">
      <div className="section-head">
        <h2>{title}</h2>
        <span className="quiet">{countText(count)}</span>
        {count > SHOWN && (
          <Link to="/runs" search={search} className="link end">
            {texts.run.showAll(countText(count))}
          </Link>
        )}
      </div>
      <ol className="related-runs">
        {items.map((run, index) => (
          <li key={run.id}>
            <RunRow run={run} index={index} />
          </li>
        ))}
      </ol>
    </section>
  );
}
