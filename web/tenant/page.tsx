// A tenant: its name, where it is live, and its sections.
import { type ReactNode, useEffect, useRef } from "react";
import { useTenant } from "../api/queries.ts";
import { CallsPage } from "../call/calls.tsx";
import { HistoryPage } from "../history/history.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { ResourceEditor } from "../resource/editor.tsx";
import { ResourceList } from "../resource/list.tsx";
import { NewResource } from "../resource/new.tsx";
import { Link } from "../router.tsx";
import { SimulatePage } from "../simulate/simulate.tsx";
import { SyncChip, SyncPage } from "../sync/sync.tsx";
import { TenantId } from "./id.ts";
import { kinds } from "./kinds.ts";
import { type Section, sections } from "./sections.ts";
import { Settings } from "./settings.tsx";

export function TenantPage({ id, rest }: { id: string; rest: string[] }) {
  const tenant = useTenant(id);
  const section = rest[0] ?? kinds[0]?.plural ?? "";
  if (tenant.error && !tenant.data)
    return (
      <Page title="Tenant">
        <Problem error={tenant.error} onRetry={() => tenant.refetch()} />
      </Page>
    );
  return (
    <TenantId value={id}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-8">
        <aside className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-3">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 md:grid md:justify-items-start">
            <div className="min-w-0">
              <p className="font-semibold text-base break-words">
                {tenant.data?.name ?? <span className="skeleton inline-block h-4 w-28" />}
              </p>
              <p className="text-muted text-xs break-all">
                {tenant.data?.domain ?? <span className="skeleton inline-block h-3 w-36" />}
              </p>
            </div>
            <SyncChip />
          </div>
          <Sections tenant={id} current={section} />
        </aside>
        <div className="min-w-0" key={rest.join("/")}>
          {tenant.data ? sectionOf(section, rest[1], <Settings tenant={tenant.data} />) : <Skeleton />}
        </div>
      </div>
    </TenantId>
  );
}

function sectionOf(section: string, id: string | undefined, settings: ReactNode): ReactNode {
  const kind = kinds.find(({ plural }) => plural === section);
  if (kind && id === "new") return <NewResource kind={kind} />;
  if (kind && id !== undefined) return <ResourceEditor kind={kind} id={id} />;
  if (kind) return <ResourceList kind={kind} />;
  if (section === "calls") return <CallsPage />;
  if (section === "simulate") return <SimulatePage />;
  if (section === "sync") return <SyncPage />;
  if (section === "history") return <HistoryPage />;
  if (section === "settings") return settings;
  return <NothingHere />;
}

export const NothingHere = () => (
  <Page title="Nothing here">
    <p>
      There is no such page.{" "}
      <Link className="link underline" to="/tenants">
        All tenants
      </Link>
    </p>
  </Page>
);

/** Beside the page, or on a narrow screen a strip above it. */
function Sections({ tenant, current }: { tenant: string; current: string }) {
  const strip = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs anew for each section
  useEffect(() => {
    const here = strip.current?.querySelector<HTMLElement>("[aria-current]");
    if (here && strip.current) strip.current.scrollLeft = here.offsetLeft - 40;
  }, [current]);
  return (
    <nav aria-label="Sections">
      <ul
        ref={strip}
        className="relative flex gap-1 overflow-x-auto border-line border-b pb-1 [scrollbar-width:none] md:grid md:gap-0.5 md:overflow-visible md:border-0"
      >
        {sections.map(({ name, sections: ofGroup }) => (
          <li key={name} className="flex gap-1 md:grid md:gap-0.5 md:pb-3">
            <p className="hidden text-muted text-xs md:block">{name}</p>
            <ul className="flex gap-1 md:grid md:gap-0.5">
              {ofGroup.map((section) => (
                <SectionLink key={section.path} tenant={tenant} section={section} current={current} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const SectionLink = ({ tenant, section, current }: { tenant: string; section: Section; current: string }) => (
  <li>
    <Link
      to={`/tenants/${tenant}/${section.path}`}
      aria-current={section.path === current ? "page" : undefined}
      className="flex min-h-9 items-center rounded-md px-3 md:-mx-3 md:min-h-8 whitespace-nowrap hover:bg-hover aria-[current]:bg-hover aria-[current]:font-semibold aria-[current]:text-accent"
    >
      {section.label}
    </Link>
  </li>
);
