// One event: when, what happened in one sentence, and the recorded fact on demand.
import { memo } from "react";
import { textOf } from "../../api/json.ts";
import type { Event, Step } from "../../api/types.ts";
import { formatClock, formatDay, formatDuration, millis } from "../../format/time.ts";
import { ScriptedChip, StatusBadge } from "../../parts/badges.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { Icon } from "../../parts/icons.tsx";
import { JsonView } from "../../parts/JsonView.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Shortened } from "../../parts/Shortened.tsx";
import { texts } from "../../texts.ts";
import { iconOf, toneOf } from "./kinds.ts";

const NOTABLE_MS = 1000; // a shorter pause is not worth a line

export const EventRow = memo(function EventRow(props: {
  sequence: number;
  event: Event | undefined;
  previous: Event | undefined;
  step: Step | undefined;
  expanded: boolean;
  toggle: (sequence: number) => void;
}) {
  const { sequence, event, previous, step } = props;
  if (!event) {
    return (
      <div className="event-row">
        <span className="number quiet">{sequence}</span>
        <span className="bone" aria-hidden="true" />
      </div>
    );
  }
  const newGroup = previous?.step !== event.step || sequence === 1;
  const gap = previous ? millis(event.at) - millis(previous.at) : 0;
  const newDay = !previous || formatDay(previous.at) !== formatDay(event.at);
  return (
    <>
      {gap >= NOTABLE_MS && (
        <p className="gap">
          <Icon name="clock" />
          {texts.run.later(formatDuration(gap))}
        </p>
      )}
      {newGroup && (
        <GroupHead event={event} step={step} day={newDay ? formatDay(event.at) : null} />
      )}
      <div className="event-row" data-tone={toneOf(event.kind)}>
        <time dateTime={event.at} title={event.at}>
          {formatClock(event.at)}
        </time>
        <span className="event-mark" aria-hidden="true" />
        <span className="event-sentence">
          <Revealed text={event.sentence} reading="prose" foldable={false} />
        </span>
        <code className="event-kind quiet">{event.kind}</code>
        <button
          type="button"
          className="icon-button"
          data-row={sequence - 1}
          aria-expanded={props.expanded}
          aria-label={texts.run.expand(sequence)}
          onClick={() => props.toggle(sequence)}
        >
          <span className="number">{sequence}</span>
          <Icon name="chevron" />
        </button>
      </div>
      {props.expanded && <Record event={event} />}
    </>
  );
});

function GroupHead(props: { event: Event; step: Step | undefined; day: string | null }) {
  const { event } = props;
  // Branches alternate: what is known of a step is said once, where it starts.
  const step = props.step?.firstSequence === event.sequence ? props.step : undefined;
  return (
    <h3 className="group-head">
      <Icon name={props.step ? iconOf(props.step.kind) : "flow"} />
      <span title={event.step ?? undefined}>
        {props.step?.name ?? event.step ?? texts.run.engine}
      </span>
      {step?.tool && <span className="quiet">{step.tool}</span>}
      {step && <StatusBadge status={step.status} />}
      {step?.scripted && <ScriptedChip />}
      {step?.endedAt && (
        <span className="quiet">
          {formatDuration(millis(step.endedAt) - millis(step.startedAt))}
        </span>
      )}
      {props.day && <span className="quiet group-day">{props.day}</span>}
    </h3>
  );
}

function Record({ event }: { event: Event }) {
  return (
    <div className="record">
      <dl>
        <div>
          <dt>{texts.run.kind}</dt>
          <dd>
            <code>{event.kind}</code>
          </dd>
        </div>
        <div>
          <dt>{texts.run.at}</dt>
          <dd>
            <code>{event.at}</code>
          </dd>
        </div>
        {event.step !== null && (
          <div>
            <dt>{texts.run.path}</dt>
            <dd>
              <code>{event.step}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.run.chain}</dt>
          <dd>
            <Digest digest={event.chain} />
          </dd>
        </div>
      </dl>
      <JsonView text={textOf(event.body)} label={texts.run.record} />
      <Shortened cuts={event.shortened} />
    </div>
  );
}
