// The top of a schedule: its name, whether it fires, its rules.
import type { Schedule } from "../../api/types.ts";
import { StatusBadge } from "../../parts/badges.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { Instant } from "../../parts/times.tsx";
import { label, texts } from "../../texts.ts";
import { lengthOf, stateOf } from "./schedule.ts";
import { ScheduleActions } from "./ScheduleActions.tsx";

export function ScheduleHead({ schedule }: { schedule: Schedule }) {
  const facts = texts.schedules.facts;
  const { workflow } = schedule;
  return (
    <header className="run-head">
      <div className="page-head">
        <h1>{workflow.name}</h1>
        <span role="status">
          <StatusBadge status={stateOf(schedule)} />
        </span>
        <ScheduleActions schedule={schedule} />
      </div>
      <Notices schedule={schedule} />
      <dl className="facts">
        <Fact name={facts.when}>{schedule.when}</Fact>
        <Fact name={facts.overlap} explain={texts.schedules.overlapExplain[schedule.overlap]}>
          {label(texts.schedules.overlap, schedule.overlap)}
        </Fact>
        <Fact name={facts.catchUp} explain={facts.catchUpExplain}>
          {lengthOf(schedule.catchUp)}
        </Fact>
        <Fact name={facts.jitter} explain={facts.jitterExplain}>
          {lengthOf(schedule.jitter)}
        </Fact>
        <Fact name={facts.published}>
          <Instant at={schedule.publishedAt} />
        </Fact>
        <Fact name={facts.definition}>
          <span>
            {workflow.name}@{workflow.version}
          </span>
          <Digest digest={workflow.digest} />
        </Fact>
      </dl>
    </header>
  );
}

function Fact(props: { name: string; explain?: string | undefined; children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        {props.explain && <p className="quiet">{props.explain}</p>}
      </dd>
    </div>
  );
}

function Notices({ schedule }: { schedule: Schedule }) {
  const { paused, backfill, buffered } = schedule;
  const words = texts.schedules;
  return (
    <>
      {paused && (
        <p className="notice" data-tone="warn">
          <Icon name="pause" />
          <span>
            <Revealed text={words.pausedBy(paused.by)} reading="prose" />
            {" · "}
            <Instant at={paused.at} />
            {paused.reason && (
              <>
                {": "}
                <Revealed text={paused.reason} reading="prose" />
              </>
            )}
          </span>
        </p>
      )}
      {backfill && (
        <p className="notice" data-tone="busy">
          <Icon name="play" />
          <span>
            {words.fillsIn} <Instant at={backfill.after} /> {words.until}{" "}
            <Instant at={backfill.until} />
            {", "}
            {backfill.sideBySide ? words.sideBySide : words.oneByOne}
            {" · "}
            <Revealed text={words.fillsInBy(backfill.by)} reading="prose" />
            {backfill.reason && (
              <>
                {": "}
                <Revealed text={backfill.reason} reading="prose" />
              </>
            )}
          </span>
        </p>
      )}
      {buffered && (
        <p className="notice" data-tone="wait">
          <Icon name="clock" />
          <span>
            {words.buffered} <Instant at={buffered} />
          </span>
        </p>
      )}
    </>
  );
}
