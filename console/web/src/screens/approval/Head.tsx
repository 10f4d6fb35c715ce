// The top of the card: the sentence, how risky, why a person is asked, how long, who else.
import { Link } from "@tanstack/react-router";
import type { Approval } from "../../api/types.ts";
import { ApprovalStatusBadge, Chip, RiskChip } from "../../parts/badges.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { Instant, TimeLeft } from "../../parts/times.tsx";
import { label, texts } from "../../texts.ts";

export function Head({ approval }: { approval: Approval }) {
  const contract = approval.toolContract;
  return (
    <header className="card-head">
      <h1 id="approval-sentence">
        <Revealed text={approval.sentence} reading="prose" />
      </h1>
      <Findings text={approval.sentence} reading="prose" />
      <div className="row chips">
        <RiskChip risk={approval.risk} />
        {approval.kind !== "tool" && (
          <Chip tone="warn" icon="question">
            {label(texts.kind, approval.kind)}
          </Chip>
        )}
        {contract && (
          <Chip
            tone={contract.reversible ? "calm" : "bad"}
            icon={contract.reversible ? "back" : "alert"}
          >
            {contract.reversible ? texts.approval.reversible : texts.approval.irreversible}
          </Chip>
        )}
        {approval.status !== "pending" && (
          <ApprovalStatusBadge kind={approval.kind} status={approval.status} />
        )}
      </div>
      <dl className="facts">
        <div className="wide">
          <dt>{texts.approval.why}</dt>
          <dd>
            <Revealed text={approval.why} reading="prose" />{" "}
            {approval.rule !== null && (
              <span className="quiet">
                {texts.approval.rule} <code>{approval.rule}</code>
              </span>
            )}
          </dd>
        </div>
        {approval.status === "pending" ? (
          <div>
            <dt>{texts.approval.deadline}</dt>
            <dd>
              <TimeLeft until={approval.expiresAt} />
              {approval.expiresAt !== null && (
                <span className="quiet">
                  <Instant at={approval.expiresAt} />
                </span>
              )}
            </dd>
          </div>
        ) : (
          <div>
            <dt>{texts.approval.asked}</dt>
            <dd>
              <Instant at={approval.requestedAt} />
            </dd>
          </div>
        )}
        <Signatures approval={approval} />
        <div>
          <dt>{texts.approval.for}</dt>
          <dd>
            <span>
              {approval.workflow}
              {approval.caseId !== null && (
                <>
                  , <Revealed text={texts.inbox.case(approval.caseId)} foldable={false} />
                </>
              )}
            </span>
            <Link to="/runs/$id" params={{ id: approval.runId }} className="link">
              {texts.approval.openRun}
            </Link>
          </dd>
        </div>
      </dl>
    </header>
  );
}

function Signatures({ approval }: { approval: Approval }) {
  const { to, quorum, notBy } = approval;
  const from = [...to.users, ...to.groups.map(texts.approval.group)];
  return (
    <div>
      <dt>{texts.approval.signatures}</dt>
      <dd>
        <span>
          {texts.approval.quorum(quorum.given, quorum.needed)}{" "}
          {texts.approval.from(from.length ? from.join(", ") : texts.approval.anyone)}
        </span>
        {notBy.length > 0 && (
          <span className="quiet">{texts.approval.notBy(notBy.join(", "))}</span>
        )}
      </dd>
    </div>
  );
}
