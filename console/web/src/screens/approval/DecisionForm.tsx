// The fields and buttons of a decision that is still open.
import { useId, useRef, useState } from "react";
import { Input, Label, Text, TextArea, TextField } from "react-aria-components";
import { ApiProblem } from "../../api/client.ts";
import type { Approval } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { NAME_LENGTH } from "../../parts/ReviewerSheet.tsx";
import { REVIEWER, useStored, writeStored } from "../../parts/storage.ts";
import { texts } from "../../texts.ts";
import { ChallengeField, isMet } from "./ChallengeField.tsx";
import { ChoiceButton } from "./ChoiceButton.tsx";
import { useDraft } from "./draft.ts";
import { challengeOf, choiceLabel, needsInspection, type Inspection } from "./inspect.ts";
import { useDecide } from "./useDecide.ts";

const COMMENT_LENGTH = 4000;
const SHORT_LABEL = 12; // characters that fit into half of the panel

export function DecisionForm({
  approval,
  inspection,
}: {
  approval: Approval;
  inspection: Inspection;
}) {
  const stored = useStored(REVIEWER);
  const [asked] = useState(stored === null); // the field stays while it is typed in
  const asksName = asked || stored === null;
  const [name, setName] = useState(stored ?? "");
  const by = (asksName ? name : stored).trim();
  const [typed, setTyped] = useState("");
  const [hint, setHint] = useState<string | null>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const challengeField = useRef<HTMLInputElement>(null);
  const buttonsHint = useId();

  const drafts = useDraft(approval.id);
  const decide = useDecide(approval, drafts);
  const guarded = approval.choices.find((it) => challengeOf(approval, it) !== null);
  const challenge = guarded === undefined ? null : challengeOf(approval, guarded);
  const labels = approval.choices.map((it) => choiceLabel(approval, it));

  /** Why this choice cannot be made now, and where to put it right. */
  function obstacle(choice: string): { why: string; field?: HTMLInputElement | null } | null {
    if (needsInspection(approval, choice) && inspection.problems.length > 0) {
      return { why: texts.approval.uninspectable };
    }
    if (!by) return { why: texts.approval.nameNeeded, field: nameField.current };
    const own = challengeOf(approval, choice);
    if (own && !isMet(own, typed)) {
      return { why: texts.approval.typeNeeded, field: challengeField.current };
    }
    return null;
  }

  function choose(choice: string) {
    if (decide.isPending) return;
    const blocked = obstacle(choice);
    setHint(blocked?.why ?? null);
    if (blocked) {
      blocked.field?.focus();
      return;
    }
    writeStored(REVIEWER, by);
    decide.mutate({ choice, by });
  }

  return (
    <div className="decision-form">
      {asksName ? (
        <TextField className="field" value={name} onChange={setName} maxLength={NAME_LENGTH}>
          <Label>{texts.approval.name}</Label>
          <Input ref={nameField} autoComplete="name" />
          <Text slot="description">{texts.approval.nameHint}</Text>
        </TextField>
      ) : (
        <p className="quiet">{texts.reviewer.as(by)}</p>
      )}
      <TextField
        className="field"
        value={drafts.draft.comment}
        onChange={(comment) => drafts.save({ ...drafts.draft, comment })}
        maxLength={COMMENT_LENGTH}
      >
        <Label>
          {texts.approval.comment} <span className="quiet">{texts.approval.optional}</span>
        </Label>
        <TextArea rows={3} />
        {drafts.draft.comment && <Text slot="description">{texts.approval.draftKept}</Text>}
      </TextField>
      {guarded !== undefined && challenge && (
        <ChallengeField
          challenge={challenge}
          choice={choiceLabel(approval, guarded)}
          typed={typed}
          setTyped={setTyped}
          input={challengeField}
        />
      )}
      <div
        className="choices"
        data-side-by-side={labels.length === 2 && labels.every((it) => it.length <= SHORT_LABEL)}
      >
        {approval.choices.map((choice) => (
          <ChoiceButton
            key={choice}
            approval={approval}
            choice={choice}
            blocked={obstacle(choice) !== null}
            busy={decide.isPending}
            describedBy={buttonsHint}
            choose={() => choose(choice)}
            refuseEnter={() => setHint(texts.approval.enterRefused)}
          />
        ))}
      </div>
      <p className="quiet" id={buttonsHint}>
        {texts.approval.keyboard}
      </p>
      <div role="status" className="decision-status">
        {decide.isPending ? texts.approval.sending : hint && <Hint text={hint} />}
      </div>
      {decide.isError && !decide.isPending && <Refusal error={decide.error} />}
    </div>
  );
}

function Hint({ text }: { text: string }) {
  return (
    <p className="notice" data-tone="warn">
      <Icon name="alert" />
      <span>{text}</span>
    </p>
  );
}

function Refusal({ error }: { error: Error }) {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return (
    <div className="notice" data-tone="bad" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{problem?.title ?? texts.failure.unreachable}</strong>
        <p>{problem ? problem.detail : texts.approval.uncertain}</p>
        {problem?.remedy && <p>{problem.remedy}</p>}
      </div>
    </div>
  );
}
