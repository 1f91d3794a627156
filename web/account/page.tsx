// An account's page: the section that its path names. Kinds of its document have the pages that a tenant's have.
import { type ReactNode, Suspense } from "react";
import { NothingHere } from "../frame/nothing-here.tsx";
import { onDemand } from "../part/on-demand.tsx";
import { Skeleton } from "../part/page.tsx";
import { accountKinds, accountPageAt, firstSection } from "./sections.ts";

const ResourceList = onDemand(() => import("../resource/list.tsx"), "ResourceList");
const ResourceEditor = onDemand(() => import("../resource/editor.tsx"), "ResourceEditor");
const NewResource = onDemand(() => import("../resource/new.tsx"), "NewResource");

export function AccountPage({ id, rest }: { id: string; rest: string[] }) {
  return (
    <Suspense key={rest.join("/")} fallback={<Skeleton />}>
      {sectionOf(id, rest)}
    </Suspense>
  );
}

function sectionOf(account: string, [section = firstSection, ...below]: string[]): ReactNode {
  const [id] = below;
  const kind = accountKinds.find(({ plural }) => plural === section);
  if (kind && id === "new") return <NewResource kind={kind} />;
  if (kind && id !== undefined) return <ResourceEditor kind={kind} id={id} />;
  if (kind) return <ResourceList kind={kind} />;
  const Shown = accountPageAt(section);
  return Shown ? <Shown account={account} rest={below} /> : <NothingHere />;
}
