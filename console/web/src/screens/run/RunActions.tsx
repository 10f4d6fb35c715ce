// What a person may ask of an open run: to pause, to go on, to stop. Each asks why. What was asked is
// said also when the run ends meanwhile.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components";
import { post } from "../../api/client.ts";
import { keys } from "../../api/queries.ts";
import type { Accepted, CancelRequest, Run } from "../../api/types.ts";
import { ActionSheet, type Action } from "../../parts/ActionSheet.tsx";
import { Icon } from "../../parts/icons.tsx";
import { texts } from "../../texts.ts";
import { isOpen } from "../runs/RunRow.tsx";

type Verb = "pause" | "resume" | "cancel";

const WORDS = {
  pause: {
    icon: "pause",
    title: texts.run.pauseTitle,
    explain: texts.run.pauseExplain,
    send: texts.run.pauseSend,
    keep: texts.run.pauseKeep,
    sent: texts.run.pauseSent,
  },
  resume: {
    icon: "play",
    title: texts.run.resumeTitle,
    explain: texts.run.resumeExplain,
    send: texts.run.resumeSend,
    keep: texts.run.resumeKeep,
    sent: texts.run.resumeSent,
  },
  cancel: {
    icon: "stop",
    title: texts.run.cancelTitle,
    explain: texts.run.cancelExplain,
    send: texts.run.cancelSend,
    keep: texts.run.cancelKeep,
    sent: texts.run.cancelSent,
  },
} as const satisfies Record<Verb, Omit<Action, "act">>;

export function RunActions({ run }: { run: Run }) {
  const [verb, setVerb] = useState<Verb | null>(null);
  const client = useQueryClient();
  const action = verb && {
    ...WORDS[verb],
    act: async (request: CancelRequest) => {
      const answer = await post<Accepted>(`/runs/${run.id}/${verb}`, request);
      void client.invalidateQueries({ queryKey: keys.run(run.id) });
      return answer;
    },
  };
  const switching = run.paused ? "resume" : "pause";
  return (
    <>
      {isOpen(run.status) && (
        <div className="row end">
          <Button className="button" onPress={() => setVerb(switching)}>
            <Icon name={WORDS[switching].icon} />
            {texts.run[switching]}
          </Button>
          <Button className="button" onPress={() => setVerb("cancel")}>
            <Icon name="stop" />
            {texts.run.cancel}
          </Button>
        </div>
      )}
      <ActionSheet action={action} close={() => setVerb(null)} />
    </>
  );
}
