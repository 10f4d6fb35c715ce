// Status, risk, effect and trust as a shape, a colour and a word.
import { label, texts } from "../texts.ts";
import { Icon, type IconName } from "./icons.tsx";

export type Tone = "calm" | "good" | "bad" | "warn" | "wait" | "busy" | "model";

const STATUS: Readonly<Record<string, readonly [Tone, IconName]>> = {
  running: ["busy", "play"],
  waiting: ["wait", "pause"],
  completed: ["good", "check"],
  faulted: ["bad", "cross"],
  failed: ["bad", "cross"],
  cancelled: ["calm", "stop"],
  quarantined: ["bad", "alert"],
  skipped: ["calm", "skip"],
  pending: ["wait", "clock"],
  approved: ["good", "check"],
  answered: ["good", "check"],
  active: ["good", "play"],
  paused: ["warn", "pause"],
  filling: ["busy", "play"],
  started: ["good", "check"],
  missed: ["bad", "cross"],
  consumed: ["good", "check"],
  rejected: ["bad", "cross"],
  expired: ["calm", "clock"],
  revoked: ["calm", "stop"],
};

export function StatusBadge({ status }: { status: string }) {
  const [tone, icon] = STATUS[status] ?? (["warn", "question"] as const);
  return (
    <span className="badge" data-tone={tone}>
      <Icon name={icon} />
      {label(texts.status, status)}
    </span>
  );
}

/** The status of an approval; only a tool call is "carried out", anything else is "answered". */
export function ApprovalStatusBadge({ kind, status }: { kind: string; status: string }) {
  const answered = kind !== "tool" && (status === "approved" || status === "consumed");
  return <StatusBadge status={answered ? "answered" : status} />;
}

const RISK_BARS: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3 };
const RISK_TONE: Readonly<Record<string, Tone>> = { low: "calm", medium: "warn", high: "bad" };

export function RiskChip({ risk }: { risk: string }) {
  const bars = RISK_BARS[risk] ?? 3; // what is not known is not low
  return (
    <span className="badge" data-tone={RISK_TONE[risk] ?? "bad"}>
      <svg className="icon risk" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 4.5 - 2.5}
            y={14 - bar * 4}
            width="3"
            height={bar * 4}
            data-on={bar <= bars}
          />
        ))}
      </svg>
      {label(texts.risk, risk)}
    </span>
  );
}

export function Chip(props: { tone?: Tone; icon?: IconName; title?: string; children: string }) {
  return (
    <span className="badge" data-tone={props.tone ?? "calm"} title={props.title}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </span>
  );
}

export function ScriptedChip() {
  return (
    <Chip tone="model" icon="model" title={texts.scriptedExplain}>
      {texts.scripted}
    </Chip>
  );
}
