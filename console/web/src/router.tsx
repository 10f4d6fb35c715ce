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
  component: lazyRouteComponent(
    () => import("./screens/approval/ApprovalScreen.tsx"),
    "ApprovalScreen",
  ),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import("./screens/runs/RunsScreen.tsx"), "RunsScreen"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$id",
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import("./screens/run/RunScreen.tsx"), "RunScreen"),
});

export function createConsoleRouter(client: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([inbox, approval, runs, run]),
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
