import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` serves the sources and passes API calls on to a running `resolute dev`.
const api = process.env.RESOLUTE_URL ?? "http://127.0.0.1:8420";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": { target: api, changeOrigin: true, headers: { origin: api } } } },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
