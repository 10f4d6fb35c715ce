// One way to decide. Space and the pointer press it; Enter does not, in no circumstance.
import type { Approval } from "../../api/types.ts";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { Revealed } from "../../parts/Revealed.tsx";
import { texts } from "../../texts.ts";
import { choiceLabel } from "./inspect.ts";

const ICONS: Readonly<Record<string, IconName>> = {
  approve: "check",
  applied: "check",
  reject: "cross",
  absent: "cross",
};

export function ChoiceButton(props: {
  approval: Approval;
  choice: string;
  blocked: boolean;
  busy: boolean;
  describedBy: string;
  choose: () => void;
  refuseEnter: () => void;
}) {
  const { approval, choice } = props;
  const authored = approval.kind === "question";
  const icon = authored ? undefined : ICONS[choice];
  const hint = authored ? undefined : texts.approval.choiceHints[choice];
  return (
    <button
      type="button"
      className="choice"
      data-choice={choice}
      aria-disabled={props.blocked || props.busy}
      aria-describedby={props.describedBy}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // no click follows
        props.refuseEnter();
      }}
      onClick={props.choose}
    >
      <span className="choice-name">
        {icon && <Icon name={icon} />}
        <Revealed text={choiceLabel(approval, choice)} reading="prose" foldable={false} />
      </span>
      {hint && <span className="choice-hint">{hint}</span>}
    </button>
  );
}
