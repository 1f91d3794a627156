// A tenant's page: the section that its path names.
import { type ReactNode, Suspense } from "react";
import { useTenant } from "../api/queries.ts";
import { NothingHere } from "../frame/nothing-here.tsx";
import { t } from "../i18n/t.ts";
import { onDemand } from "../part/on-demand.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { kinds } from "./kinds.ts";
import { firstSection, pageAt } from "./sections.ts";

const ResourceList = onDemand(() => import("../resource/list.tsx"), "ResourceList");
const ResourceEditor = onDemand(() => import("../resource/editor.tsx"), "ResourceEditor");
const NewResource = onDemand(() => import("../resource/new.tsx"), "NewResource");

export function TenantPage({ id, rest }: { id: string; rest: string[] }) {
  const tenant = useTenant(id);
  const [section = firstSection, ...below] = rest;
  if (tenant.error && !tenant.data)
    return (
      <Page title={t("Tenant")}>
        <Problem error={tenant.error} onRetry={() => tenant.refetch()} />
      </Page>
    );
  return (
    <Suspense key={rest.join("/")} fallback={<Skeleton />}>
      {sectionOf(section, below)}
    </Suspense>
  );
}

function sectionOf(section: string, rest: string[]): ReactNode {
  const kind = kinds.find(({ plural }) => plural === section);
  const [id] = rest;
  if (kind && id === "new") return <NewResource kind={kind} />;
  if (kind && id !== undefined) return <ResourceEditor kind={kind} id={id} />;
  if (kind) return <ResourceList kind={kind} />;
  const Shown = pageAt(section);
  return Shown ? <Shown rest={rest} /> : <NothingHere />;
}
