// The history, windowed: every event has one row, and only the rows in view exist.
import { useCallback, useEffect, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import type { Run } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { useRows } from "../../parts/useRows.ts";
import { texts } from "../../texts.ts";
import { EventRow } from "./EventRow.tsx";
import { useHistory } from "./useHistory.ts";

const ROW_HEIGHT = 32;

export function Timeline(props: {
  run: Run;
  at: number | undefined;
  goTo: (sequence: number) => void;
}) {
  const { run, at } = props;
  const last = run.sequence;
  const rows = useRows({ count: last, estimate: ROW_HEIGHT, keyOf: String, overscan: 10 });
  const virtualRows = rows.virtualizer.getVirtualItems();
  const first = (virtualRows[0]?.index ?? 0) + 1;
  const until = (virtualRows.at(-1)?.index ?? 0) + 1;
  const history = useHistory(run.id, last, first, until);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback((sequence: number) => {
    setExpanded((was) => {
      const now = new Set(was);
      if (!now.delete(sequence)) now.add(sequence);
      return now;
    });
  }, []);

  const { scrollMargin, virtualizer } = rows;
  const reachable = at !== undefined && at <= last;
  useEffect(() => {
    if (reachable) virtualizer.scrollToIndex(at - 1, { align: "center" });
  }, [at, reachable, virtualizer, scrollMargin]);

  const step = new Map(run.steps.map((it) => [it.step, it]));
  return (
    <section aria-labelledby="timeline" className="timeline">
      <div className="section-head">
        <h2 id="timeline">{texts.run.timeline}</h2>
        <span className="quiet">{texts.run.timelineCount(last)}</span>
        <GoTo last={last} goTo={props.goTo} />
      </div>
      {history.error && (
        <div className="notice" data-tone="bad" role="alert">
          <Icon name="alert" />
          <span>{history.error.message}</span>
          <button type="button" className="link" onClick={history.retry}>
            {texts.retry}
          </button>
        </div>
      )}
      <ol
        className="list events"
        ref={rows.list as React.RefObject<HTMLOListElement>}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualRows.map((row) => {
          const sequence = row.index + 1;
          const event = history.event(sequence);
          return (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              data-target={sequence === at || undefined}
              style={{ transform: `translateY(${row.start - scrollMargin}px)` }}
            >
              <EventRow
                sequence={sequence}
                event={event}
                previous={sequence > 1 ? history.event(sequence - 1) : undefined}
                step={event?.step ? step.get(event.step) : undefined}
                expanded={expanded.has(sequence)}
                toggle={toggle}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function GoTo({ last, goTo }: { last: number; goTo: (sequence: number) => void }) {
  const [typed, setTyped] = useState("");
  const sequence = Number(typed);
  const valid = /^\d+$/.test(typed) && sequence >= 1 && sequence <= last;
  const go = () => valid && goTo(sequence);
  return (
    <div className="row goto">
      <TextField
        className="inline-field"
        value={typed}
        onChange={setTyped}
        isInvalid={typed !== "" && !valid}
        onKeyDown={(event) => event.key === "Enter" && go()}
      >
        <Label>{texts.run.goTo}</Label>
        <Input inputMode="numeric" autoComplete="off" title={texts.run.goRange(last)} />
      </TextField>
      <Button className="button" onPress={go} isDisabled={!valid}>
        {texts.run.go}
      </Button>
    </div>
  );
}
