// One run in the list.
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { RunSummary } from "../../api/types.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { useServerNow } from "../../live/clock.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Instant } from "../../parts/times.tsx";
import { texts } from "../../texts.ts";

export const RunRow = memo(function RunRow({ run, index }: { run: RunSummary; index: number }) {
  return (
    <div className="run-row">
      <span>
        <StatusBadge status={run.status} />
      </span>
      <Link to="/runs/$id" params={{ id: run.id }} className="stretched" data-row={index}>
        {run.workflow.name} <span className="quiet">{run.workflow.version}</span>
        <span className="sr-only">
          {run.caseId === null ? "" : texts.run.case(run.caseId)} {texts.status[run.status]}
        </span>
      </Link>
      <span className="run-case">
        {run.caseId !== null && <Revealed text={run.caseId} foldable={false} />}
      </span>
      <span className="run-waits">
        {run.waitsFor && <Revealed text={run.waitsFor.sentence} reading="prose" foldable={false} />}
      </span>
      <span className="number" title={texts.runs.columns.events}>
        {run.sequence.toLocaleString("en")}
      </span>
      <span className="number" title={texts.runs.columns.took}>
        {isOpen(run.status) ? (
          <Elapsed since={run.startedAt} />
        ) : (
          formatDuration(millis(run.updatedAt) - millis(run.startedAt))
        )}
      </span>
      <span className="number run-started">
        <Instant at={run.startedAt} />
      </span>
    </div>
  );
});

export function isOpen(status: string): boolean {
  return status === "running" || status === "waiting";
}

export function Elapsed({ since }: { since: string }) {
  return formatDuration(Math.max(1000, Math.floor((useServerNow() - millis(since)) / 1000) * 1000));
}
