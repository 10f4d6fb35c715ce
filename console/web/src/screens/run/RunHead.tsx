// The top of a run: its name, its status, what it waits for, what it took.
import { Link } from "@tanstack/react-router";
import type { CaseRecord, Run, RunCounts } from "../../api/types.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Instant, TimeLeft } from "../../parts/times.tsx";
import { texts } from "../../texts.ts";
import { Elapsed, isOpen } from "../runs/RunRow.tsx";
import { countText } from "./RelatedRuns.tsx";
import { RunActions } from "./RunActions.tsx";

// Few runs have any, and a zero would only be one more word.
const RARE: ReadonlySet<string> = new Set(["children", "forks"]);
const COUNTS = [
  "steps",
  "attempts",
  "verifications",
  "approvals",
  "modelCalls",
  "tokens",
  "events",
  "children",
  "forks",
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
        <RunActions run={run} />
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
        <Origins run={run} />
      </dl>
      <ul className="counts">
        {COUNTS.filter((name) => run.counts[name] > 0 || !RARE.has(name)).map((name) => (
          <li key={name} data-zero={run.counts[name] === 0 || undefined}>
            <strong>
              {RARE.has(name) ? countText(run.counts[name]) : run.counts[name].toLocaleString("en")}
            </strong>{" "}
            {texts.run.counts[name][run.counts[name] === 1 ? 0 : 1]}
          </li>
        ))}
      </ul>
      {run.stepsFrom > 1 && <p className="quiet">{texts.run.countedFrom(run.stepsFrom)}</p>}
    </header>
  );
}

/** The runs that this one comes from. */
function Origins({ run }: { run: Run }) {
  const { parent, forkedFrom } = run;
  return (
    <>
      {parent && (
        <div>
          <dt>{texts.run.parent}</dt>
          <dd>
            <span>{texts.run.parentStep(parent.step)}</span>
            <RunLink id={parent.run} />
          </dd>
        </div>
      )}
      {forkedFrom && (
        <div>
          <dt>{texts.run.forkedFrom}</dt>
          <dd>
            <span>{texts.run.forkPoint(forkedFrom.sequence)}</span>
            <RunLink id={forkedFrom.run} at={forkedFrom.sequence} />
          </dd>
        </div>
      )}
    </>
  );
}

function RunLink({ id, at }: { id: string; at?: number }) {
  return (
    <Link to="/runs/$id" params={{ id }} search={at ? { at } : {}} className="link">
      <code className="id">{id}</code>
    </Link>
  );
}
