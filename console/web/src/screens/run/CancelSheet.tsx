// Asks why before a run is asked to stop.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";
import { ApiProblem, post } from "../../api/client.ts";
import type { Accepted, CancelRequest } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { NAME_LENGTH } from "../../parts/ReviewerSheet.tsx";
import { Sheet } from "../../parts/Sheet.tsx";
import { REVIEWER, readStored, writeStored } from "../../parts/storage.ts";
import { texts } from "../../texts.ts";

export function CancelSheet(props: { run: string; isOpen: boolean; close: () => void }) {
  return (
    <Sheet title={texts.run.cancelTitle} isOpen={props.isOpen} close={props.close}>
      <CancelForm run={props.run} close={props.close} />
    </Sheet>
  );
}

function CancelForm({ run, close }: { run: string; close: () => void }) {
  const [reason, setReason] = useState("");
  const [by, setBy] = useState(readStored(REVIEWER) ?? "");
  const cancel = useMutation({
    mutationFn: (request: CancelRequest) => post<Accepted>(`/runs/${run}/cancel`, request),
  });
  const complete = reason.trim() !== "" && by.trim() !== "";
  if (cancel.isSuccess) {
    return (
      <>
        <p role="status">{texts.run.cancelSent}</p>
        <div className="row end">
          <Button className="button" onPress={close} autoFocus>
            {texts.close}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p>{texts.run.cancelExplain}</p>
      <TextField className="field" value={reason} onChange={setReason} isRequired autoFocus>
        <Label>{texts.run.cancelReason}</Label>
        <TextArea rows={3} />
      </TextField>
      <TextField className="field" value={by} onChange={setBy} isRequired maxLength={NAME_LENGTH}>
        <Label>{texts.approval.name}</Label>
        <Input autoComplete="name" />
      </TextField>
      {cancel.isError && (
        <p className="notice" data-tone="bad" role="alert">
          <Icon name="alert" />
          <span>
            {cancel.error instanceof ApiProblem
              ? cancel.error.problem.title
              : texts.failure.unreachable}
          </span>
        </p>
      )}
      <div className="row end">
        <Button className="button" onPress={close}>
          {texts.run.cancelKeep}
        </Button>
        <Button
          className="button"
          isDisabled={!complete || cancel.isPending}
          onPress={() => {
            writeStored(REVIEWER, by.trim());
            cancel.mutate({ reason: reason.trim(), by: by.trim() });
          }}
        >
          <Icon name="stop" />
          {texts.run.cancelSend}
        </Button>
      </div>
    </>
  );
}
