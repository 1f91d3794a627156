// One host in its pool's list: how it fares, which versions it runs, and how many tenants' settings it refused.
import { t, tn } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Time } from "../part/time.tsx";
import { type Edge, stateOf } from "./edge.ts";
import { behindOf } from "./versions.ts";

type Props = { edge: Edge; all: Edge[]; tenants: number | undefined; refused: number; onOpen(): void };

export function EdgeRow({ edge, all, tenants, refused, onOpen }: Props) {
  const { tone, text } = stateOf(edge);
  const { health } = edge;
  const behind = behindOf(edge, all);
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-hover">
      <button
        type="button"
        aria-haspopup="dialog"
        className="stretched min-w-0 flex-1 basis-40 text-left font-medium break-all"
        onClick={onOpen}
      >
        {edge.name}
      </button>
      <span className="flex flex-wrap gap-1 sm:w-40">
        <Chip tone={tone}>{text}</Chip>
        {refused > 0 ? <Chip tone="bad">{tn(refused, "{n} refused", "{n} refused")}</Chip> : null}
        {behind.length > 0 ? <Chip tone="warn">{t("Older version")}</Chip> : null}
      </span>
      <span className="text-muted sm:w-44">
        {edge.engine} {health?.engine?.version ?? ""}
        <span className="block text-xs">
          {health?.version ? t("Agent {version}", { version: health.version }) : ""}
        </span>
      </span>
      <span className="tabular-nums sm:w-24">
        {tn(health?.liveCalls ?? 0, "{n} call", "{n} calls")}
        <span className="block text-muted text-xs">
          {tenants === undefined ? "" : tn(tenants, "{n} tenant", "{n} tenants")}
        </span>
      </span>
      <span className="text-muted sm:w-32 sm:text-right">
        {edge.seenAt === null ? t("never heard of") : <Time at={edge.seenAt} />}
      </span>
    </li>
  );
}
