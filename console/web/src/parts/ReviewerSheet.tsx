// Asks once who decides here. An open server knows nobody by itself.
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { texts } from "../texts.ts";
import { Sheet } from "./Sheet.tsx";
import { REVIEWER, readStored, writeStored } from "./storage.ts";

export const NAME_LENGTH = 200;

export function ReviewerSheet({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  return (
    <Sheet title={texts.reviewer.title} isOpen={isOpen} close={close}>
      <ReviewerForm close={close} />
    </Sheet>
  );
}

function ReviewerForm({ close }: { close: () => void }) {
  const [name, setName] = useState(readStored(REVIEWER) ?? "");
  const save = () => {
    writeStored(REVIEWER, name.trim() || null);
    close();
  };
  return (
    <>
      <p>{texts.reviewer.explain}</p>
      <TextField
        className="field"
        value={name}
        onChange={setName}
        maxLength={NAME_LENGTH}
        autoFocus
        onKeyDown={(event) => event.key === "Enter" && save()}
      >
        <Label>{texts.approval.name}</Label>
        <Input autoComplete="name" />
      </TextField>
      <div className="row end">
        <Button className="button" onPress={save}>
          {texts.reviewer.save}
        </Button>
      </div>
    </>
  );
}
