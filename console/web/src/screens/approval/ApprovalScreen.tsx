// One request to a person: everything needed to decide, in the order in which it is needed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { approvalQuery } from "../../api/queries.ts";
import type { Approval } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.ts";
import { Failure, Loading, Stale } from "../../parts/states.tsx";
import { useTitle } from "../../parts/useTitle.ts";
import { texts } from "../../texts.ts";
import { useInbox } from "../inbox/inbox.ts";
import { Arguments } from "./Arguments.tsx";
import { Changes } from "./Changes.tsx";
import { Claims } from "./Claims.tsx";
import { DecisionPanel } from "./DecisionPanel.tsx";
import { EvidenceList } from "./EvidenceList.tsx";
import { Head } from "./Head.tsx";
import { inspect } from "./inspect.ts";

const route = getRouteApi("/approvals/$id");

export function ApprovalScreen() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const query = useQuery(approvalQuery(id, useQueryClient()));
  const neighbours = useNeighbours(id);
  useTitle(query.data?.sentence ?? texts.approval.screen);
  return (
    <div className="page approval">
      <div className="crumbs">
        <Link to="/" search={search} className="link">
          <Icon name="back" />
          {texts.approval.back}
        </Link>
      </div>
      {query.isError && query.data && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading heading={texts.approval.screen} />
      ) : query.data ? (
        <Card key={id} approval={query.data} next={neighbours.next} />
      ) : (
        <Failure wholePage error={query.error!} retry={() => void query.refetch()} />
      )}
    </div>
  );
}

function Card({ approval, next }: { approval: Approval; next: string | undefined }) {
  const inspection = inspect(approval);
  return (
    <article className="card-layout" aria-labelledby="approval-sentence">
      <div className="card">
        <Head approval={approval} />
        {inspection.problems.length > 0 && (
          <div className="notice" data-tone="bad" role="alert">
            <Icon name="alert" />
            <div>
              <strong>{texts.approval.uninspectable}</strong>
              <ul>
                {inspection.problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            </div>
          </div>
        )}
        <Changes approval={approval} />
        <Arguments approval={approval} rows={inspection.rows} />
        <EvidenceList approval={approval} />
        <Claims approval={approval} />
      </div>
      <DecisionPanel approval={approval} inspection={inspection} next={next} />
    </article>
  );
}

/** J and K walk the inbox as it is filtered; Escape goes back to it. */
function useNeighbours(id: string) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { items } = useInbox(search);
  const index = items.findIndex((it) => it.id === id);
  // After a decision this card leaves the list, or stays in it as decided: skip those.
  const waiting = items.filter(
    (it) => it.status === items[index]?.status || it.status === "pending",
  );
  const place = waiting.findIndex((it) => it.id === id);
  const next = waiting.slice(place + 1).find((it) => it.id !== id)?.id;
  const previous = place > 0 ? waiting[place - 1]?.id : undefined;
  const open = (to: string | undefined) => {
    if (to) void navigate({ to: "/approvals/$id", params: { id: to }, search });
  };
  useKeys({
    j: () => open(next),
    k: () => open(previous),
    Escape: () => void navigate({ to: "/", search }),
  });
  return { next };
}
