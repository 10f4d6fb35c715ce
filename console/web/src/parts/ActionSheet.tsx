// Asks who wants something, and why, before it is asked of the server; then says what came of it.
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";
import { ApiProblem } from "../api/client.ts";
import { texts } from "../texts.ts";
import { Icon, type IconName } from "./icons.tsx";
import { NAME_LENGTH } from "./ReviewerSheet.tsx";
import { Sheet } from "./Sheet.tsx";
import { REVIEWER, readStored, writeStored } from "./storage.ts";

export type Asked = { by: string; reason: string };

export type Action = {
  readonly icon: IconName;
  readonly title: string;
  readonly explain: string;
  readonly send: string;
  readonly keep: string;
  readonly sent: string;
  /** `withoutReason` where the server keeps none. */
  readonly withoutReason?: boolean;
  readonly act: (asked: Asked) => Promise<unknown>;
};

/** `children` are further fields; nothing can be sent while they are `incomplete`. */
export function ActionSheet(props: {
  action: Action | null;
  close: () => void;
  incomplete?: boolean;
  children?: ReactNode;
}) {
  const { action, close } = props;
  return (
    <Sheet title={action?.title ?? ""} isOpen={action !== null} close={close}>
      {action && (
        <ActionForm action={action} close={close} incomplete={props.incomplete ?? false}>
          {props.children}
        </ActionForm>
      )}
    </Sheet>
  );
}

function ActionForm(props: {
  action: Action;
  close: () => void;
  incomplete: boolean;
  children: ReactNode;
}) {
  const { action, close } = props;
  const [reason, setReason] = useState("");
  const [by, setBy] = useState(readStored(REVIEWER) ?? "");
  const sending = useMutation({ mutationFn: action.act });
  const complete =
    by.trim() !== "" && (action.withoutReason || reason.trim() !== "") && !props.incomplete;
  if (sending.isSuccess) {
    return (
      <>
        <p role="status">{action.sent}</p>
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
      <p>{action.explain}</p>
      {props.children}
      {!action.withoutReason && (
        <TextField className="field" value={reason} onChange={setReason} isRequired autoFocus>
          <Label>{texts.reason}</Label>
          <TextArea rows={3} />
        </TextField>
      )}
      <TextField className="field" value={by} onChange={setBy} isRequired maxLength={NAME_LENGTH}>
        <Label>{texts.approval.name}</Label>
        <Input autoComplete="name" />
      </TextField>
      {sending.isError && <Refusal error={sending.error} />}
      <div className="row end">
        <Button className="button" onPress={close}>
          {action.keep}
        </Button>
        <Button
          className="button"
          isDisabled={!complete || sending.isPending}
          onPress={() => {
            writeStored(REVIEWER, by.trim());
            sending.mutate({ reason: reason.trim(), by: by.trim() });
          }}
        >
          <Icon name={action.icon} />
          {action.send}
        </Button>
      </div>
    </>
  );
}

function Refusal({ error }: { error: Error }) {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return (
    <p className="notice" data-tone="bad" role="alert">
      <Icon name="alert" />
      <span>
        {problem ? problem.title : texts.failure.unreachable}
        {problem && problem.detail !== problem.title && (
          <>
            {": "}
            {problem.detail}
          </>
        )}
      </span>
    </p>
  );
}
