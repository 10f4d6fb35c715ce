// The steps as an outline with a bar for each on the run's time axis.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { earlierStepsQuery } from "../../api/queries.ts";
import type { Run, Step } from "../../api/types.ts";
import { formatDuration, millis } from "../../format/time.ts";
import { serverNow } from "../../live/clock.ts";
import { ScriptedChip, StatusBadge } from "../../parts/badges.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { texts } from "../../texts.ts";
import { Elapsed } from "../runs/RunRow.tsx";
import { iconOf } from "./kinds.ts";
import { bars, depths, joined, type Bar } from "./outline.ts";

const FIRST = 100;

export function Steps({ run, goTo }: { run: Run; goTo: (sequence: number) => void }) {
  const [all, setAll] = useState(false);
  const { steps, back } = useSteps(run);
  const outline = useMemo(
    () => ({ depths: depths(steps), bars: bars(steps, serverNow()) }),
    [steps],
  );
  const shown = all ? steps : steps.slice(0, FIRST);
  return (
    <section aria-labelledby="steps">
      <div className="section-head">
        <h2 id="steps">{texts.run.steps}</h2>
        {steps.length > 0 && <span className="quiet end">{texts.run.axis}</span>}
      </div>
      {steps.length === 0 && <p className="quiet">{texts.run.noSteps}</p>}
      {back && (
        <p className="quiet">
          {texts.run.latestSteps(steps.length, run.counts.steps)}{" "}
          <button type="button" className="link" disabled={back.isBusy} onClick={back.go}>
            {texts.run.earlierSteps}
          </button>
        </p>
      )}
      <ol className="steps">
        {shown.map((step, index) => (
          <StepRow
            key={step.step}
            step={step}
            depth={outline.depths[index]!}
            bar={outline.bars[index]!}
            run={run.id}
            goTo={goTo}
          />
        ))}
      </ol>
      {shown.length < steps.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {texts.run.allSteps(steps.length)}
        </button>
      )}
    </section>
  );
}

/** The run's steps, and for a long run the way back to those before them. */
function useSteps(run: Run) {
  const [wanted, setWanted] = useState(false);
  const earlier = useInfiniteQuery({
    ...earlierStepsQuery(run.id, run.stepsFrom),
    enabled: wanted && run.stepsFrom > 1,
    placeholderData: keepPreviousData,
  });
  const pages = earlier.data?.pages;
  const steps = useMemo(
    () => joined([...(pages ?? []).map((page) => page.steps).toReversed(), run.steps]),
    [pages, run.steps],
  );
  const back = {
    go: () => (wanted ? void earlier.fetchNextPage() : setWanted(true)),
    isBusy: earlier.isFetching,
  };
  const isAtStart = run.stepsFrom === 1 || (pages !== undefined && !earlier.hasNextPage);
  return { steps, back: isAtStart ? undefined : back };
}

function StepRow(props: {
  step: Step;
  depth: number;
  bar: Bar;
  run: string;
  goTo: (sequence: number) => void;
}) {
  const { step, bar } = props;
  return (
    <li className="step-row">
      <div
        className="step-name"
        style={{ paddingInlineStart: `${Math.min(props.depth, 8) * 1.1}rem` }}
      >
        <Icon name={iconOf(step.kind)} />
        <button
          type="button"
          className="stretched"
          title={step.step}
          aria-label={texts.run.toStep(step.name)}
          onClick={() => props.goTo(step.firstSequence)}
        >
          {step.name}
        </button>
        <span className="quiet">{step.tool ?? step.kind}</span>
      </div>
      <div className="step-summary">
        {step.scripted && <ScriptedChip />}
        <StepRuns step={step} run={props.run} />
        {step.attempts > 1 && <span className="urgent">{texts.run.attempts(step.attempts)}</span>}
        {step.verifications > 0 && (
          <span className="urgent">{texts.run.verified(step.verifications)}</span>
        )}
        {step.summary && (
          <span className="quiet">
            <Revealed text={step.summary} reading="prose" foldable={false} />
          </span>
        )}
      </div>
      <StatusBadge status={step.status} />
      <span className="number">
        {step.endedAt === null ? (
          <Elapsed since={step.startedAt} />
        ) : (
          formatDuration(millis(step.endedAt) - millis(step.startedAt))
        )}
      </span>
      <svg className="step-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="axis" x="0" y="3.5" width="100" height="1" />
        <rect
          data-status={step.status}
          x={bar.from * 100}
          y="1"
          width={bar.width * 100}
          height="6"
        />
      </svg>
    </li>
  );
}

/** The run that a step started, or how many, with the way to them. */
function StepRuns({ step, run }: { step: Step; run: string }) {
  if (step.run !== null) {
    return (
      <Link to="/runs/$id" params={{ id: step.run }} className="link above">
        {texts.run.childRun}
      </Link>
    );
  }
  if (step.items === null) return null;
  return (
    <>
      <span>{texts.run.items(step.items)}</span>
      {step.items > 0 && (
        <Link to="/runs" search={{ parent: run }} className="link above">
          {texts.run.itemRuns}
        </Link>
      )}
    </>
  );
}
