// The routes of the console and the search parameters that each understands.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { Crash, PageNotFound } from "./parts/states.tsx";
import { InboxScreen } from "./screens/inbox/InboxScreen.tsx";
import { inboxSearch, runSearch, runsSearch } from "./search.ts";
import { Shell } from "./Shell.tsx";

// Fetched after the first screen, so that it appears sooner.
const screens = {
  approval: lazyRouteComponent(
    () => import("./screens/approval/ApprovalScreen.tsx"),
    "ApprovalScreen",
  ),
  runs: lazyRouteComponent(() => import("./screens/runs/RunsScreen.tsx"), "RunsScreen"),
  run: lazyRouteComponent(() => import("./screens/run/RunScreen.tsx"), "RunScreen"),
  schedules: lazyRouteComponent(
    () => import("./screens/schedules/SchedulesScreen.tsx"),
    "SchedulesScreen",
  ),
  schedule: lazyRouteComponent(
    () => import("./screens/schedules/ScheduleScreen.tsx"),
    "ScheduleScreen",
  ),
};

/** So that a later step does not depend on a server that may be restarting then. */
export async function preloadScreens(): Promise<void> {
  await Promise.allSettled(Object.values(screens).map((screen) => screen.preload?.()));
}

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Shell,
  notFoundComponent: PageNotFound,
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: inboxSearch,
  component: InboxScreen,
});

// The inbox's filters stay in the address, so that "next" and "back" keep to the same list.
const approval = createRoute({
  getParentRoute: () => root,
  path: "/approvals/$id",
  validateSearch: inboxSearch,
  component: screens.approval,
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: runsSearch,
  component: screens.runs,
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$id",
  validateSearch: runSearch,
  component: screens.run,
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: "/schedules",
  component: screens.schedules,
});

const schedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/$id",
  component: screens.schedule,
});

export function createConsoleRouter(client: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([inbox, approval, runs, run, schedules, schedule]),
    context: { client },
    scrollRestoration: true,
    defaultPreload: "intent",
    defaultErrorComponent: Crash,
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
