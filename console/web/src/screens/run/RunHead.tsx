// The top of a run: its name, its status, what it waits for, what it took.
import { useState } from "react";
import { Button } from "react-aria-components";
import type { CaseRecord, Run, RunCounts } from "../../api/types.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Instant, TimeLeft } from "../../parts/times.tsx";
import { texts } from "../../texts.ts";
import { Elapsed, isOpen } from "../runs/RunRow.tsx";
import { CancelSheet } from "./CancelSheet.tsx";

const COUNTS = [
  "steps",
  "attempts",
  "verifications",
  "approvals",
  "modelCalls",
  "tokens",
  "events",
] satisfies ReadonlyArray<keyof RunCounts>;

// What the steps of its runs made of the case: the text of people and models, as text.
function CaseLine({ record }: { record: CaseRecord }) {
  return (
    <p className="run-case">
      <Icon name="person" />
      <span>
        {record.title !== null && <Revealed text={record.title} reading="prose" />}{" "}
        {texts.run.caseStatus[record.status]}
        {record.assignee !== null && (
          <>
            {" · "}
            <Revealed text={texts.run.caseWith(record.assignee)} foldable={false} />
          </>
        )}
        {record.resolution !== null && (
          <>
            {" · "}
            <Revealed text={record.resolution} reading="prose" />
          </>
        )}
      </span>
    </p>
  );
}

export function RunHead({ run }: { run: Run }) {
  const [cancelling, setCancelling] = useState(false);
  const open = isOpen(run.status);
  return (
    <header className="run-head">
      <div className="page-head">
        <h1>
          {run.workflow.name}
          {run.caseId !== null && (
            <span className="run-case-id">
              <Revealed text={texts.run.case(run.caseId)} foldable={false} />
            </span>
          )}
        </h1>
        <span role="status">
          <StatusBadge status={run.status} />
        </span>
        {open && (
          <Button className="button end" onPress={() => setCancelling(true)}>
            <Icon name="stop" />
            {texts.run.cancel}
          </Button>
        )}
      </div>
      {run.case !== null && <CaseLine record={run.case} />}
      {run.causes.map((cause) => (
        <p className="notice" data-tone="wait" key={cause.code + (cause.step ?? "")}>
          <Icon name="pause" />
          <span>
            <Revealed text={cause.sentence} reading="prose" />
            {cause.until !== null && (
              <>
                {" · "}
                <TimeLeft until={cause.until} />
              </>
            )}
            {cause.remedy !== null && (
              <>
                {" "}
                <Revealed text={cause.remedy} reading="prose" />
              </>
            )}
          </span>
        </p>
      ))}
      {run.error && (
        <div className="notice" data-tone="bad">
          <Icon name="alert" />
          <div>
            <strong>
              {texts.run.error}
              {run.error.title ? `: ${run.error.title}` : ""} ({run.error.status})
            </strong>
            {run.error.detail && (
              <p>
                <Revealed text={run.error.detail} reading="prose" />
              </p>
            )}
            <p className="quiet">
              <code>{run.error.type}</code>{" "}
              {run.error.instance && <code>{run.error.instance}</code>}
            </p>
          </div>
        </div>
      )}
      <dl className="facts">
        <div>
          <dt>{texts.run.started}</dt>
          <dd>
            <Instant at={run.startedAt} />
          </dd>
        </div>
        <div>
          <dt>{open ? texts.run.soFar : texts.run.took}</dt>
          <dd>
            {open ? (
              <Elapsed since={run.startedAt} />
            ) : (
              formatDuration(millis(run.updatedAt) - millis(run.startedAt))
            )}
          </dd>
        </div>
        <div>
          <dt>{texts.run.definition}</dt>
          <dd>
            <span>
              {run.workflow.name}@{run.workflow.version}
            </span>
            <Digest digest={run.workflow.digest} />
          </dd>
        </div>
        <div>
          <dt>{texts.run.id}</dt>
          <dd>
            <code className="id">{run.id}</code>
          </dd>
        </div>
      </dl>
      <ul className="counts">
        {COUNTS.map((name) => (
          <li key={name} data-zero={run.counts[name] === 0 || undefined}>
            <strong>{run.counts[name].toLocaleString("en")}</strong>{" "}
            {texts.run.counts[name][run.counts[name] === 1 ? 0 : 1]}
          </li>
        ))}
      </ul>
      {run.stepsFrom > 1 && <p className="quiet">{texts.run.countedFrom(run.stepsFrom)}</p>}
      <CancelSheet run={run.id} isOpen={cancelling} close={() => setCancelling(false)} />
    </header>
  );
}
