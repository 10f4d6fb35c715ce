// What the screens read, as cached queries. Lists and details of the same thing agree: whichever
// answer is newer corrects the other.
import {
  infiniteQueryOptions,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import { setServerNow } from "../live/clock.ts";
import { get } from "./client.ts";
import type {
  Approval,
  ApprovalPage,
  ApprovalSummary,
  HistoryPage,
  Run,
  RunPage,
  RunSummary,
  Schedule,
  SchedulePage,
  Status,
} from "./types.ts";

export const HISTORY_PAGE = 500;
const INBOX_PAGE = 200;
const RUNS_PAGE = 50;
const SCHEDULES_MS = 30_000; // a fire that starts no run changes nothing in the stream
const BUSY_SCHEDULE_MS = 2000; // nor does it when a schedule sees that its run is over

export type RunFilter = {
  status?: string;
  workflow?: string;
  case?: string;
  parent?: string;
  forkedFrom?: string;
};

export const keys = {
  status: ["status"] as const,
  approvals: ["approvals"] as const,
  approvalList: (status: string) => ["approvals", "list", status] as const,
  approvalsOfRun: (run: string) => ["approvals", "run", run] as const,
  approval: (id: string) => ["approval", id] as const,
  runs: ["runs"] as const,
  runList: (filter: RunFilter) => ["runs", filter] as const,
  run: (id: string) => ["run", id] as const,
  earlierSteps: (id: string, before: number) => ["steps", id, before] as const,
  history: (id: string) => ["history", id] as const,
  schedules: ["schedules"] as const,
  schedule: (id: string) => ["schedules", id] as const,
  historyPage: (id: string, page: number) => ["history", id, page] as const,
};

export const statusQuery = queryOptions({
  queryKey: keys.status,
  queryFn: async ({ signal }) => {
    const status = await get<Status>("/status", {}, signal);
    setServerNow(status.now);
    return status;
  },
  refetchInterval: 60_000,
});

export const approvalsQuery = (status: string) =>
  infiniteQueryOptions({
    queryKey: keys.approvalList(status),
    queryFn: ({ signal, pageParam }) =>
      get<ApprovalPage>("/approvals", { status, cursor: pageParam, limit: INBOX_PAGE }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const approvalsOfRunQuery = (run: string) =>
  queryOptions({
    queryKey: keys.approvalsOfRun(run),
    queryFn: ({ signal }) => get<ApprovalPage>("/approvals", { run, limit: INBOX_PAGE }, signal),
  });

export const approvalQuery = (id: string, client: QueryClient) =>
  queryOptions({
    queryKey: keys.approval(id),
    queryFn: async ({ signal }) => {
      const approval = await get<Approval>(`/approvals/${encodeURIComponent(id)}`, {}, signal);
      correctApprovalLists(client, approval);
      return approval;
    },
  });

export const runsQuery = (filter: RunFilter, client: QueryClient) =>
  infiniteQueryOptions({
    queryKey: keys.runList(filter),
    queryFn: async ({ signal, pageParam }) => {
      const page = await get<RunPage>(
        "/runs",
        { ...filter, cursor: pageParam, limit: RUNS_PAGE },
        signal,
      );
      for (const run of page.items) refreshOlderRun(client, run);
      return page;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const runQuery = (id: string, client: QueryClient) =>
  queryOptions({
    queryKey: keys.run(id),
    queryFn: async ({ signal }) => {
      const run = await get<Run>(`/runs/${encodeURIComponent(id)}`, {}, signal);
      correctRunLists(client, run);
      return run;
    },
  });

/** The steps of a long run before those that end at `before`, back to its start page by page. */
export const earlierStepsQuery = (id: string, before: number) =>
  infiniteQueryOptions({
    queryKey: keys.earlierSteps(id, before),
    queryFn: ({ signal, pageParam }) =>
      get<Run>(`/runs/${encodeURIComponent(id)}`, { before: pageParam }, signal),
    initialPageParam: before,
    getNextPageParam: (page) => (page.stepsFrom > 1 ? page.stepsFrom : undefined),
    staleTime: Infinity, // what was does not change
  });

export const historyPageQuery = (id: string, page: number) =>
  queryOptions({
    queryKey: keys.historyPage(id, page),
    queryFn: ({ signal }) =>
      get<HistoryPage>(
        `/runs/${encodeURIComponent(id)}/history`,
        { after: page * HISTORY_PAGE, limit: HISTORY_PAGE },
        signal,
      ),
    staleTime: Infinity, // events never change; a page that is not full is invalidated as it grows
  });

export const schedulesQuery = queryOptions({
  queryKey: keys.schedules,
  queryFn: ({ signal }) => get<SchedulePage>("/schedules", {}, signal),
  refetchInterval: SCHEDULES_MS,
});

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: keys.schedule(id),
    queryFn: ({ signal }) => get<Schedule>(`/schedules/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: ({ state: { data } }) =>
      data && (data.backfill || data.openRuns.length) ? BUSY_SCHEDULE_MS : SCHEDULES_MS,
  });

/** Writes what is now known about an approval into every list that shows it. */
export function correctApprovalLists(
  client: QueryClient,
  approval: Pick<ApprovalSummary, "id" | "status">,
): void {
  const correct = (item: ApprovalSummary) =>
    item.id === approval.id && item.status !== approval.status
      ? { ...item, status: approval.status }
      : item;
  client.setQueriesData<InfiniteData<ApprovalPage>>(
    { queryKey: [...keys.approvals, "list"] },
    (data) => data && mapPages(data, correct),
  );
}

function correctRunLists(client: QueryClient, run: Run): void {
  const correct = (item: RunSummary) =>
    item.id === run.id && item.sequence < run.sequence
      ? {
          ...item,
          status: run.status,
          waitsFor: run.waitsFor,
          updatedAt: run.updatedAt,
          sequence: run.sequence,
        }
      : item;
  client.setQueriesData<InfiniteData<RunPage>>(
    { queryKey: keys.runs },
    (data) => data && mapPages(data, correct),
  );
}

function refreshOlderRun(client: QueryClient, run: RunSummary): void {
  const known = client.getQueryData<Run>(keys.run(run.id));
  if (known && known.sequence < run.sequence) {
    void client.invalidateQueries({ queryKey: keys.run(run.id) });
  }
}

/** Keeps every object that did not change, so that nothing is drawn again without a reason. */
function mapPages<Item, Page extends { readonly items: ReadonlyArray<Item> }>(
  data: InfiniteData<Page>,
  change: (item: Item) => Item,
): InfiniteData<Page> {
  let changed = false;
  const pages = data.pages.map((page) => {
    const items = page.items.map(change);
    if (items.every((item, index) => item === page.items[index])) return page;
    changed = true;
    return { ...page, items };
  });
  return changed ? { ...data, pages } : data;
}
