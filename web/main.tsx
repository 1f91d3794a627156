// The console's entry.
import "./no-eval.ts";
import "./style.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "../client/problem.ts";
import { App } from "./app.tsx";
import { showTheme } from "./frame/theme.ts";
import { preferredLanguage, setLanguage } from "./i18n/t.ts";
import { onAnother } from "./session/session.ts";

showTheme();
// a catalogue that does not come leaves English
await setLanguage(preferredLanguage(), { whole: false }).catch(() => undefined);

const client = new QueryClient({
  defaultOptions: {
    // "always": a control plane on this very machine answers whether or not the browser thinks it is online
    queries: {
      networkMode: "always",
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.final),
    },
    mutations: { networkMode: "always" },
  },
});

onAnother(() => client.clear());

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
