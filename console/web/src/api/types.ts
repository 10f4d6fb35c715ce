// Types of the HTTP API. Written by scripts/types.mjs from ../openapi.json, which says what
// each member means, and its limits: edit that.
import type { Json } from "./json.ts";

export type { Json };

export type Id = string;

export type Time = string;

export type Digest = string;

export type Code = string;

export type PersonName = string;

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Code;
  readonly remedy?: string;
  readonly errors?: ReadonlyArray<InputError>;
};

export type InputError = {
  readonly pointer: string;
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
};

export type Status = {
  readonly version: string;
  readonly mode: "dev" | "serve";
  readonly open: boolean;
  readonly listening: string;
  readonly members: ReadonlyArray<Member>;
  readonly models: ReadonlyArray<Model>;
  readonly now: Time;
};

export type Member = {
  readonly id: Id;
  readonly name: string;
  readonly shards: number;
  readonly lastSeen: Time;
};

export type Model = {
  readonly name: string;
  readonly backend: string;
  readonly scripted: boolean;
};

export type RunStatus =
  | "running"
  | "waiting"
  | "completed"
  | "faulted"
  | "cancelled"
  | "quarantined";

export type WorkflowRef = {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
};

export type WaitsFor = {
  readonly code: Code;
  readonly sentence: string;
  readonly until: Time | null;
};

export type Cause = {
  readonly code: Code;
  readonly sentence: string;
  readonly step: string | null;
  readonly until: Time | null;
  readonly remedy: string | null;
};

export type RunSummary = {
  readonly id: Id;
  readonly workflow: WorkflowRef;
  readonly caseId: string | null;
  readonly status: RunStatus;
  readonly waitsFor: WaitsFor | null;
  readonly startedAt: Time;
  readonly updatedAt: Time;
  readonly sequence: number;
};

export type WorkflowError = {
  readonly type: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
};

export type StepStatus = "running" | "waiting" | "completed" | "failed" | "skipped";

export type Step = {
  readonly step: string;
  readonly name: string;
  readonly kind: Code;
  readonly status: StepStatus;
  readonly startedAt: Time;
  readonly endedAt: Time | null;
  readonly attempts: number;
  readonly verifications: number;
  readonly tool: string | null;
  readonly scripted: boolean;
  readonly run: Id | null;
  readonly items: number | null;
  readonly summary: string;
  readonly firstSequence: number;
};

export type RunCounts = {
  readonly events: number;
  readonly steps: number;
  readonly attempts: number;
  readonly verifications: number;
  readonly approvals: number;
  readonly modelCalls: number;
  readonly tokens: number;
  readonly children: number;
  readonly forks: number;
};

export type ParentStep = {
  readonly run: Id;
  readonly step: string;
};

export type ForkPoint = {
  readonly run: Id;
  readonly sequence: number;
};

export type RunPause = {
  readonly by: string;
  readonly reason: string;
};

export type CaseEntry = {
  readonly op: "open" | "assign" | "note" | "close";
  readonly says: Json;
  readonly run: Id;
  readonly step: string;
  readonly workflow: string;
  readonly at: Time;
};

export type CaseRecord = {
  readonly case: string;
  readonly status: "open" | "closed";
  readonly title: string | null;
  readonly assignee: string | null;
  readonly resolution: string | null;
  readonly facts: Json;
  readonly openedAt: Time;
  readonly updatedAt: Time;
  readonly closedAt: Time | null;
  readonly entries: ReadonlyArray<CaseEntry>;
};

export type Run = {
  readonly id: Id;
  readonly workflow: WorkflowRef;
  readonly caseId: string | null;
  readonly parent: ParentStep | null;
  readonly forkedFrom: ForkPoint | null;
  readonly case: CaseRecord | null;
  readonly status: RunStatus;
  readonly waitsFor: WaitsFor | null;
  readonly causes: ReadonlyArray<Cause>;
  readonly paused: RunPause | null;
  readonly startedAt: Time;
  readonly updatedAt: Time;
  readonly sequence: number;
  readonly input: Json;
  readonly output: Json;
  readonly shortened: ReadonlyArray<Cut>;
  readonly error: WorkflowError | null;
  readonly steps: ReadonlyArray<Step>;
  readonly stepsFrom: number;
  readonly counts: RunCounts;
};

export type RunPage = {
  readonly items: ReadonlyArray<RunSummary>;
  readonly next: string | null;
};

export type RunStart = {
  readonly workflow: string;
  readonly version?: string;
  readonly input: Json;
  readonly caseId?: string;
};

export type RunStarted = {
  readonly run: RunSummary;
  readonly created: boolean;
};

export type CancelRequest = {
  readonly reason: string;
  readonly by: PersonName;
};

export type SignalRequest = {
  readonly name: string;
  readonly payload: Json;
  readonly by: PersonName;
};

export type Accepted = {
  readonly accepted: true;
  readonly run?: string;
};

export type Cut = {
  readonly pointer: string;
  readonly bytes: number;
};

export type Event = {
  readonly sequence: number;
  readonly at: Time;
  readonly kind: Code;
  readonly step: string | null;
  readonly sentence: string;
  readonly body: { readonly [name: string]: Json };
  readonly shortened: ReadonlyArray<Cut>;
  readonly chain: Digest;
};

export type HistoryPage = {
  readonly items: ReadonlyArray<Event>;
  readonly next: number | null;
};

export type ApprovalStatus =
  | "pending"
  | "approved"
  | "rejected"
  | "expired"
  | "revoked"
  | "consumed";

export type ApprovalKind = "tool" | "question" | "resolution";

export type Risk = "low" | "medium" | "high";

export type Money = {
  readonly minor: number;
  readonly currency: string;
};

export type ApprovalSummary = {
  readonly id: Id;
  readonly runId: Id;
  readonly caseId: string | null;
  readonly workflow: string;
  readonly step: string;
  readonly kind: ApprovalKind;
  readonly status: ApprovalStatus;
  readonly sentence: string;
  readonly risk: Risk;
  readonly why: string;
  readonly requestedAt: Time;
  readonly expiresAt: Time | null;
  readonly tool: string | null;
  readonly amount: Money | null;
};

export type Quorum = {
  readonly needed: number;
  readonly given: number;
};

export type Audience = {
  readonly groups: ReadonlyArray<string>;
  readonly users: ReadonlyArray<string>;
};

export type ToolContract = {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly effect: "read" | "write" | "irreversible";
  readonly reversible: boolean;
};

export type Field = {
  readonly pointer: string;
  readonly label: string;
  readonly value: Json;
  readonly render: "text" | "money" | "date" | "id" | "count";
  readonly display: string;
};

export type Change = {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
};

export type Evidence = {
  readonly title: string;
  readonly quote: string;
  readonly source: string;
  readonly at: Time | null;
  readonly trust: "system" | "user" | "verified_tool" | "untrusted";
};

export type Claim = {
  readonly text: string;
  readonly model: string;
  readonly scripted: boolean;
};

export type Decision = {
  readonly id: Id;
  readonly by: PersonName;
  readonly decision: string;
  readonly at: Time;
  readonly comment: string;
};

export type Approval = {
  readonly id: Id;
  readonly runId: Id;
  readonly caseId: string | null;
  readonly workflow: string;
  readonly step: string;
  readonly kind: ApprovalKind;
  readonly status: ApprovalStatus;
  readonly sentence: string;
  readonly risk: Risk;
  readonly why: string;
  readonly requestedAt: Time;
  readonly expiresAt: Time | null;
  readonly tool: string | null;
  readonly amount: Money | null;
  readonly rule: string | null;
  readonly key: string | null;
  readonly quorum: Quorum;
  readonly to: Audience;
  readonly notBy: ReadonlyArray<string>;
  readonly toolContract: ToolContract | null;
  readonly arguments: Json;
  readonly argumentsText: string;
  readonly fields: ReadonlyArray<Field>;
  readonly digest: Digest;
  readonly changes: ReadonlyArray<Change>;
  readonly evidence: ReadonlyArray<Evidence>;
  readonly missing: ReadonlyArray<string>;
  readonly claims: ReadonlyArray<Claim>;
  readonly decisions: ReadonlyArray<Decision>;
  readonly choices: ReadonlyArray<string>;
  readonly inspectable: boolean;
  readonly uninspectableWhy: string | null;
};

export type ApprovalPage = {
  readonly items: ReadonlyArray<ApprovalSummary>;
  readonly next: string | null;
};

export type DecisionRequest = {
  readonly decision: string;
  readonly digest: Digest;
  readonly decisionId: Id;
  readonly by: PersonName;
  readonly comment?: string;
};

export type Decided = {
  readonly approval: Approval;
};

export type RunChanged = {
  readonly run: Id;
  readonly sequence: number;
};

export type ApprovalChanged = {
  readonly approval: Id;
  readonly status: ApprovalStatus;
};

export type Resync = Record<string, never>;

export type Health = {
  readonly status: "ok";
};

export type ByWhom = {
  readonly by: string;
};

export type BackfillRequest = {
  readonly from: string;
  readonly until: string;
  readonly sideBySide?: boolean;
  readonly by: string;
  readonly reason?: string;
};

export type FireKey = string;

export type Fired = {
  readonly key: FireKey;
  readonly what: "started" | "skipped" | "missed" | "failed";
  readonly why?: string;
  readonly run?: Id;
  readonly at: Time;
};

export type Schedule = {
  readonly id: Id;
  readonly workflow: WorkflowRef;
  readonly when: string;
  readonly overlap: "allow" | "skip" | "buffer" | "cancel";
  readonly catchUp: string;
  readonly jitter: string;
  readonly publishedAt: Time;
  readonly nextTimes: ReadonlyArray<Time>;
  readonly openRuns: ReadonlyArray<{
    readonly run: Id;
    readonly key: FireKey;
  }>;
  readonly buffered?: Time;
  readonly paused?: {
    readonly by: string;
    readonly reason: string;
    readonly at: Time;
  };
  readonly backfill?: {
    readonly after: Time;
    readonly until: Time;
    readonly sideBySide: boolean;
    readonly by: string;
    readonly reason: string;
  };
  readonly recent: ReadonlyArray<Fired>;
};

export type SchedulePage = {
  readonly items: ReadonlyArray<Schedule>;
};

export type ForkRequest = {
  readonly at: string;
  readonly by: string;
  readonly caseId?: string;
  readonly outputs?: { readonly [name: string]: Json };
};

export type ReplayRequest = {
  readonly against: string;
};

export type Difference = {
  readonly sequence: number;
  readonly step: string;
  readonly sentence: string;
};

export type Replayed = {
  readonly run: Id;
  readonly workflow: WorkflowRef;
  readonly fits: boolean;
  readonly events: number;
  readonly compared: number;
  readonly difference: Difference | null;
};

export type MigrationRequest = {
  readonly workflow: string;
  readonly to: string;
  readonly by: string;
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly cursor?: string;
  readonly limit?: number;
};

export type MigrationVerdict = {
  readonly run: Id;
  readonly caseId: string | null;
  readonly follows: WorkflowRef;
  readonly sequence: number;
  readonly verdict: "legal" | "illegal" | "migrated" | "moved_on" | "untaken";
  readonly difference: Difference | null;
};

export type MigrationPage = {
  readonly to: WorkflowRef;
  readonly items: ReadonlyArray<MigrationVerdict>;
  readonly next: string | null;
};
