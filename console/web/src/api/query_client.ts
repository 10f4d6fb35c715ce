// How reading from the server behaves when it is slow, away or refuses.
import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./client.ts";

const RETRIES = 3;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000, // the stream says what changed; this is the safety net
        networkMode: "always", // a loopback server answers without a network
        retry: (failures, error) => failures < RETRIES && isPassing(error),
        retryDelay: (attempt) => 400 * 2 ** attempt * (0.5 + Math.random()),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

function isPassing(error: Error): boolean {
  if (!(error instanceof ApiProblem)) return true;
  return error.problem.status >= 500 || error.problem.status === 429;
}
