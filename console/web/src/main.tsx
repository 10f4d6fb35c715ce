// Starts the console in the page.
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query_client.ts";
import { startLive } from "./live/live.ts";
import { createConsoleRouter, preloadScreens } from "./router.tsx";
import "./styles/index.css";

const client = createQueryClient();
startLive(client);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createConsoleRouter(client)} />
    </QueryClientProvider>
  </StrictMode>,
);

addEventListener("load", () => void preloadScreens());
