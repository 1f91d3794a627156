// A tenant's part of the navigation: its name, where it is live, its sections.
import { useEffect, useRef } from "react";
import { useTenant } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { SectionGroups } from "../part/section-groups.tsx";
import { useRoute } from "../router.tsx";
import { SyncChip } from "../sync/chip.tsx";
import { useTenantId } from "./id.ts";
import { firstSection, sections } from "./sections.ts";

/** As `scrollIntoView` would, after which the next Tab goes on from there in place of the page's beginning. */
function bringIntoSight(element: HTMLElement): void {
  const box = element.closest<HTMLElement>(".overflow-y-auto");
  if (!box) return;
  const [inner, outer] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollTop += Math.min(inner.top - outer.top, 0) + Math.max(inner.bottom - outer.bottom, 0);
}

export function TenantNavigation() {
  const id = useTenantId();
  const tenant = useTenant(id);
  const current = useRoute()[2] ?? firstSection;
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs anew for each section
  useEffect(() => {
    const here = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (here) bringIntoSight(here);
  }, [current]);
  return (
    <div className="grid gap-3 border-line border-t pt-3">
      <div className="grid min-w-0 justify-items-start gap-0.5 px-2">
        <p className="max-w-full font-semibold break-words">
          {tenant.data?.name ?? <span className="skeleton inline-block h-4 w-28" />}
        </p>
        <p className="max-w-full truncate text-muted text-xs" title={tenant.data?.domain}>
          {tenant.data?.domain ?? <span className="skeleton inline-block h-3 w-36" />}
        </p>
        <SyncChip />
      </div>
      <nav ref={nav} aria-label={t("Sections")} className="grid gap-3">
        <SectionGroups groups={sections()} at={`/tenants/${id}`} current={current} />
      </nav>
    </div>
  );
}
