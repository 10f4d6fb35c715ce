// One approval in the inbox: what is asked, why, how risky, how much, how long.
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { ApprovalSummary } from "../../api/types.ts";
import { formatMoney } from "../../format/money.ts";
import { ApprovalStatusBadge, Chip, RiskChip } from "../../parts/badges.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Age, TimeLeft } from "../../parts/times.tsx";
import type { InboxSearch } from "../../search.ts";
import { label, texts } from "../../texts.ts";

export const InboxRow = memo(function InboxRow(props: {
  approval: ApprovalSummary;
  index: number;
  search: InboxSearch;
  gone: boolean;
  open: () => void;
}) {
  const { approval, gone } = props;
  const settled = approval.status !== "pending";
  return (
    <div className="inbox-row" data-gone={gone || undefined}>
      <div className="inbox-risk">
        {settled ? (
          <ApprovalStatusBadge kind={approval.kind} status={approval.status} />
        ) : (
          <RiskChip risk={approval.risk} />
        )}
      </div>
      <div className="inbox-text">
        <Link
          to="/approvals/$id"
          params={{ id: approval.id }}
          search={props.search}
          className="stretched"
          data-row={props.index}
          onClick={props.open}
        >
          <Revealed text={approval.sentence} reading="prose" foldable={false} />
        </Link>
        <p>
          {approval.kind !== "tool" && (
            <Chip tone={approval.kind === "resolution" ? "warn" : "calm"}>
              {label(texts.kind, approval.kind)}
            </Chip>
          )}
          <span>
            <Revealed text={approval.why} reading="prose" foldable={false} />
          </span>
        </p>
      </div>
      <div className="inbox-origin">
        <span>{approval.workflow}</span>
        {approval.caseId !== null && (
          <span>
            <Revealed text={texts.inbox.case(approval.caseId)} foldable={false} />
          </span>
        )}
      </div>
      <div className="inbox-amount">
        {approval.amount && formatMoney(approval.amount.minor, approval.amount.currency)}
      </div>
      <div className="inbox-time">
        {!settled && <TimeLeft until={approval.expiresAt} />}
        <span className="quiet">
          <Age at={approval.requestedAt} say={texts.inbox.requested} />
        </span>
      </div>
    </div>
  );
});
