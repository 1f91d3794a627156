// The name of an operation, as generated clients call it: `listTenantExtensions`, `updateAccountTrunk`, `suspendTenant`. It follows from the method and
// the path alone, so that it never changes.
import { titleOf } from "./schemas.ts";

const verbs = { get: "get", post: "create", patch: "update", put: "set", delete: "delete" } as const;

/** The last parts of paths that are verbs themselves: `POST …/suspend`. */
const actions = new Set(
  ["suspend", "resume", "move", "rollback", "apply", "simulate", "rotate", "rotate-secret", "test", "replay"].concat([
    "hangup",
    "transfer",
    "lock",
    "unlock",
    "mute",
    "unmute",
    "kick",
    "import",
    "restore",
    "cancel",
    "clone",
    "assign",
    "release",
    "claim",
    "batch",
    "end",
    "invite",
    "accept",
    "approve",
    "verify",
    "reset",
    "sign-in",
    "sign-out",
  ]),
);
/** What is one by name alone, though it ends like several. */
const single = new Set(["sync", "music-on-hold", "live", "previous", "limits", "settings"]);

const singular = (plural: string): string =>
  single.has(plural)
    ? plural
    : plural
        .replace(/ies$/, "y")
        .replace(/(x|ss|sh)es$/, "$1")
        .replace(/s$/, "");

/** `list`: the answer is a page. */
export function operationIdOf(method: keyof typeof verbs, path: string, list: boolean): string {
  const parts = path.split("/").slice(2);
  const last = parts.at(-1) ?? "";
  const verb = method === "put" && last === "audio" ? "upload" : verbs[method];
  const acts = method === "post" && actions.has(last);
  const named = parts.flatMap((part, index) => {
    if (part.startsWith("{") || (acts && index === parts.length - 1)) return [];
    const ofOne = parts[index + 1]?.startsWith("{") || (!list && index === parts.length - 1 && method !== "get");
    return [titleOf(ofOne ? singular(part) : part)];
  });
  return [acts ? lowerTitle(last) : list ? "list" : verb, ...named].join("");
}

const lowerTitle = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
