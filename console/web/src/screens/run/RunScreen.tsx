// One run: where it stands, what it did step by step, and its history event by event.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { runQuery } from "../../api/queries.ts";
import type { Run } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.ts";
import { Failure, Loading, Stale } from "../../parts/states.tsx";
import { useTitle } from "../../parts/useTitle.ts";
import { texts } from "../../texts.ts";
import { Payloads } from "./Payloads.tsx";
import { RelatedRuns } from "./RelatedRuns.tsx";
import { RunApprovals } from "./RunApprovals.tsx";
import { RunHead } from "./RunHead.tsx";
import { Steps } from "./Steps.tsx";
import { Timeline } from "./Timeline.tsx";

const route = getRouteApi("/runs/$id");

export function RunScreen() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const query = useQuery(runQuery(id, useQueryClient()));
  const run = query.data;
  useTitle(run ? `${run.workflow.name} ${run.caseId ?? ""}`.trim() : texts.run.screen);
  useKeys({ Escape: () => void navigate({ to: "/runs" }) });
  return (
    <div className="page">
      <div className="crumbs">
        <Link to="/runs" className="link">
          <Icon name="back" />
          {texts.run.back}
        </Link>
      </div>
      {query.isError && run && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading heading={texts.run.screen} />
      ) : run ? (
        <RunBody key={id} run={run} />
      ) : (
        <Failure wholePage error={query.error!} retry={() => void query.refetch()} />
      )}
    </div>
  );
}

function RunBody({ run }: { run: Run }) {
  const { at } = route.useSearch();
  const navigate = useNavigate();
  const goTo = (sequence: number) =>
    void navigate({
      to: "/runs/$id",
      params: { id: run.id },
      search: { at: sequence },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <RunHead run={run} />
      {run.counts.approvals > 0 && <RunApprovals run={run.id} />}
      <Steps run={run} goTo={goTo} />
      {run.counts.children > 0 && (
        <RelatedRuns
          title={texts.run.children}
          count={run.counts.children}
          search={{ parent: run.id }}
        />
      )}
      {run.counts.forks > 0 && (
        <RelatedRuns
          title={texts.run.forks}
          count={run.counts.forks}
          search={{ forkedFrom: run.id }}
        />
      )}
      <Payloads run={run} />
      <Timeline run={run} at={at} goTo={goTo} />
    </>
  );
}
