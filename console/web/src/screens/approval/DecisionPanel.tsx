// Where a person decides: who, why, and equal buttons that Enter never presses.
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Approval } from "../../api/types.ts";
import { ApprovalStatusBadge } from "../../parts/badges.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { Age, useIsPast } from "../../parts/times.tsx";
import { label, texts } from "../../texts.ts";
import { DecisionForm } from "./DecisionForm.tsx";
import { choiceLabel, type Inspection } from "./inspect.ts";

export function DecisionPanel(props: {
  approval: Approval;
  inspection: Inspection;
  next: string | undefined;
}) {
  const { approval } = props;
  const timeUp = useIsPast(approval.expiresAt);
  const open = approval.status === "pending" && !timeUp;
  return (
    <aside className="decision" aria-labelledby="decision">
      <h2 id="decision">{open ? texts.approval.decide : texts.approval.decided}</h2>
      <p className="binding">
        <span>{open ? texts.approval.onDigest : texts.approval.digest}</span>
        <Digest digest={approval.digest} copy={false} />
      </p>
      {open ? (
        <DecisionForm approval={approval} inspection={props.inspection} />
      ) : (
        <Closed approval={approval} timeUp={timeUp && approval.status === "pending"} />
      )}
      <Decisions approval={approval} />
      {!open && <Next next={props.next} run={approval.runId} />}
    </aside>
  );
}

const DECIDED: ReadonlyArray<string> = ["approved", "rejected", "consumed"];

function Closed({ approval, timeUp }: { approval: Approval; timeUp: boolean }) {
  const status = label(texts.status, approval.status).toLowerCase();
  return (
    <div className="closed" role="status">
      {timeUp ? (
        <p>{texts.approval.timeUp}</p>
      ) : (
        <>
          <ApprovalStatusBadge kind={approval.kind} status={approval.status} />
          <p>
            {DECIDED.includes(approval.status)
              ? texts.approval.goesOn
              : texts.approval.notWaiting(status)}
          </p>
        </>
      )}
    </div>
  );
}

function Decisions({ approval }: { approval: Approval }) {
  const missing = approval.quorum.needed - approval.quorum.given;
  if (approval.decisions.length === 0) return null;
  return (
    <div className="decisions">
      <h3>{texts.approval.decisions}</h3>
      <ol>
        {approval.decisions.map((decision) => (
          <li key={decision.id}>
            <strong>
              <Revealed text={decision.by} foldable={false} />
            </strong>{" "}
            {choiceLabel(approval, decision.decision)}{" "}
            <span className="quiet">
              <Age at={decision.at} say={texts.approval.age} />
            </span>
            {decision.comment && (
              <blockquote>
                <Revealed text={decision.comment} reading="prose" />
                <Findings text={decision.comment} reading="prose" />
              </blockquote>
            )}
          </li>
        ))}
      </ol>
      {approval.status === "pending" && missing > 0 && <p>{texts.approval.quorumOpen(missing)}</p>}
    </div>
  );
}

function Next({ next, run }: { next: string | undefined; run: string }) {
  const search = getRouteApi("/approvals/$id").useSearch();
  return (
    <div className="row after-decision">
      <Link to="/runs/$id" params={{ id: run }} className="button">
        {texts.approval.openRun}
      </Link>
      {next ? (
        <Link to="/approvals/$id" params={{ id: next }} search={search} className="button">
          {texts.approval.next}
          <Icon name="arrow" />
        </Link>
      ) : (
        <Link to="/" search={search} className="button">
          {texts.approval.back}
        </Link>
      )}
    </div>
  );
}
