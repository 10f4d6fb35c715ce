// What a person may ask of a schedule: to pause, to go on, to start a run, to fill in what was.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { post } from "../../api/client.ts";
import { keys } from "../../api/queries.ts";
import type { Schedule } from "../../api/types.ts";
import { serverNow } from "../../live/clock.ts";
import { ActionSheet, type Action, type Asked } from "../../parts/ActionSheet.tsx";
import { Icon } from "../../parts/icons.tsx";
import { texts } from "../../texts.ts";
import { instantOf, localOf } from "./schedule.ts";

type Verb = "pause" | "resume" | "trigger" | "backfill";

const words = texts.schedules;
const ACTIONS = {
  pause: {
    icon: "pause",
    title: words.pauseTitle,
    explain: words.pauseExplain,
    send: words.pauseSend,
    keep: words.pauseKeep,
    sent: words.pauseSent,
  },
  resume: {
    icon: "play",
    title: words.resumeTitle,
    explain: words.resumeExplain,
    send: words.resumeSend,
    keep: words.resumeKeep,
    sent: words.resumeSent,
    withoutReason: true,
  },
  trigger: {
    icon: "play",
    title: words.triggerTitle,
    explain: words.triggerExplain,
    send: words.triggerSend,
    keep: words.triggerKeep,
    sent: words.triggerSent,
    withoutReason: true,
  },
  backfill: {
    icon: "play",
    title: words.backfillTitle,
    explain: words.backfillExplain,
    send: words.backfillSend,
    keep: words.backfillKeep,
    sent: words.backfillSent,
  },
} as const satisfies Record<Verb, Omit<Action, "act">>;

const DAY_MS = 86_400_000;

type Span = { from: string; until: string; sideBySide: boolean };

export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const [verb, setVerb] = useState<Verb | null>(null);
  const [span, setSpan] = useState<Span>({ from: "", until: "", sideBySide: false });
  const client = useQueryClient();
  const open = (which: Verb) => () => {
    const now = serverNow();
    setSpan({ from: localOf(now - DAY_MS), until: localOf(now), sideBySide: false });
    setVerb(which);
  };
  const act = async (asked: Asked) => {
    const answer = await post<Schedule>(
      `/schedules/${schedule.id}/${verb}`,
      bodyOf(verb!, asked, span),
    );
    client.setQueryData(keys.schedule(schedule.id), answer);
    void client.invalidateQueries({ queryKey: keys.schedules });
  };
  const switching = schedule.paused ? "resume" : "pause";
  return (
    <div className="row end">
      <Button className="button" onPress={open(switching)}>
        <Icon name={ACTIONS[switching].icon} />
        {words[switching]}
      </Button>
      <Button className="button" onPress={open("trigger")}>
        {words.trigger}
      </Button>
      <Button className="button" onPress={open("backfill")}>
        {words.backfill}
      </Button>
      <ActionSheet
        action={verb && { ...ACTIONS[verb], act }}
        close={() => setVerb(null)}
        incomplete={verb === "backfill" && !(instantOf(span.from) && instantOf(span.until))}
      >
        {verb === "backfill" && <SpanFields span={span} change={setSpan} />}
      </ActionSheet>
    </div>
  );
}

function bodyOf(verb: Verb, asked: Asked, span: Span): object {
  if (verb === "pause") return asked;
  if (verb !== "backfill") return { by: asked.by };
  const { sideBySide } = span;
  return { ...asked, from: instantOf(span.from), until: instantOf(span.until), sideBySide };
}

function SpanFields({ span, change }: { span: Span; change: (span: Span) => void }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      {(["from", "until"] as const).map((name) => (
        <TextField
          key={name}
          className="field"
          type="datetime-local"
          value={span[name]}
          onChange={(value) => change({ ...span, [name]: value })}
          isRequired
        >
          <Label>{name === "from" ? words.backfillFrom : words.backfillUntil}</Label>
          <Input />
        </TextField>
      ))}
      <p className="quiet">{words.backfillZone(zone)}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={span.sideBySide}
          onChange={(event) => change({ ...span, sideBySide: event.target.checked })}
        />
        {words.backfillSideBySide}
      </label>
    </>
  );
}
