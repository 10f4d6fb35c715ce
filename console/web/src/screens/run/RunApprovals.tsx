// The approvals that this run asked for, the open ones first.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { approvalsOfRunQuery } from "../../api/queries.ts";
import { ApprovalStatusBadge } from "../../parts/badges.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { TimeLeft } from "../../parts/times.tsx";
import { texts } from "../../texts.ts";

export function RunApprovals({ run }: { run: string }) {
  const items = useQuery(approvalsOfRunQuery(run)).data?.items ?? [];
  if (items.length === 0) return null;
  const ordered = items.toSorted(
    (a, b) => Number(b.status === "pending") - Number(a.status === "pending"),
  );
  return (
    <section aria-labelledby="run-approvals">
      <h2 id="run-approvals">{texts.run.approvals}</h2>
      <ul className="run-approvals">
        {ordered.map((approval) => (
          <li key={approval.id}>
            <ApprovalStatusBadge kind={approval.kind} status={approval.status} />
            <Link to="/approvals/$id" params={{ id: approval.id }} className="link">
              <Revealed text={approval.sentence} reading="prose" foldable={false} />
            </Link>
            {approval.status === "pending" && <TimeLeft until={approval.expiresAt} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
