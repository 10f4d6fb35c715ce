// Asks to type what is at stake, so that a dangerous approval is never a reflex.
import type { Ref } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";
import { formatAmount, formatMoney, typedAmount } from "../../format/money.ts";
import { texts } from "../../texts.ts";
import type { Challenge } from "./inspect.ts";

export function isMet(challenge: Challenge, typed: string): boolean {
  if (challenge.kind === "word") return typed.trim() === challenge.word;
  return typedAmount(typed, challenge.currency) === BigInt(challenge.minor);
}

/** True when going on typing cannot lead to the right answer any more. */
function isWrong(challenge: Challenge, typed: string): boolean {
  const trimmed = typed.trim();
  if (trimmed === "" || isMet(challenge, typed)) return false;
  const wanted =
    challenge.kind === "word"
      ? [challenge.word]
      : spellings(formatAmount(challenge.minor, challenge.currency), challenge.currency);
  return !wanted.some((it) => it.toLowerCase().startsWith(trimmed.toLowerCase()));
}

function spellings(amount: string, currency: string): string[] {
  const bare = amount.replaceAll(",", "");
  return [
    amount,
    bare,
    bare.replace(".", ","),
    amount.replace(/[,.]/g, (it) => (it === "," ? "." : ",")),
  ].flatMap((it) => [it, `${currency} ${it}`]);
}

export function ChallengeField(props: {
  challenge: Challenge;
  choice: string;
  typed: string;
  setTyped: (typed: string) => void;
  input: Ref<HTMLInputElement>;
}) {
  const { challenge, typed } = props;
  const money = challenge.kind === "amount";
  const what = money ? formatMoney(challenge.minor, challenge.currency) : challenge.word;
  return (
    <TextField
      className="field challenge"
      value={typed}
      onChange={props.setTyped}
      isInvalid={isWrong(challenge, typed)}
      validationBehavior="aria"
    >
      <Label>
        {money ? texts.approval.typeAmount(props.choice) : texts.approval.typeWord(props.choice)}
      </Label>
      <Input
        ref={props.input}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck="false"
        inputMode={money ? "decimal" : "text"}
      />
      <Text slot="description">
        {money ? texts.approval.typeAmountHint(what) : texts.approval.typeWordHint(what)}
      </Text>
      <FieldError>{money ? texts.approval.typeWrong : texts.approval.typeWrongWord}</FieldError>
    </TextField>
  );
}
