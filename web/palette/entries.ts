// What the palette leads to: pages, actions, and resources that are found by their text.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../api/client.ts";
import { type Item, type Page, pathOf, type Tenant } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { placesOf } from "../frame/places.ts";
import { setTheme, themeNames, themes } from "../frame/theme.ts";
import { languages, setLanguage, t } from "../i18n/t.ts";
import { phrase, saying } from "../part/words.ts";
import { navigate } from "../router.tsx";
import { signOut } from "../session/sign-out.ts";
import { useTenantId } from "../tenant/id.ts";
import { kinds } from "../tenant/kinds.ts";
import { sections } from "../tenant/sections.ts";

export type Entry = { id: string; group: string; label: string; about?: string | undefined; run(): void };

/** Where one can go and what one can do, whatever is typed. */
export function useStanding(): Entry[] {
  const tenant = useTenantId();
  const { data: me } = useMe();
  const page = (path: string, label: string, about?: string): Entry => ({
    id: path,
    group: t("Go to"),
    label,
    about,
    run: () => navigate(path),
  });
  const action = (id: string, label: string, run: () => void): Entry => ({ id, group: t("Do"), label, run });
  const own = sections().flatMap((group) =>
    group.sections.map(({ path, label }) => ({ path, label, group: group.name })),
  );
  return [
    ...(tenant === "" ? [] : own.map(({ path, label, group }) => page(`/tenants/${tenant}/${path}`, label, group))),
    ...placesOf(me).map(({ path, label }) => page(`/${path}`, t(label))),
    ...(tenant === ""
      ? []
      : kinds
          .filter(({ plural }) => may(me, `${plural}:write`))
          .map((kind) =>
            action(`new ${kind.kind}`, saying("New {kind}", kind), () =>
              navigate(`/tenants/${tenant}/${kind.plural}/new`),
            ),
          )),
    ...(may(me, "tenants:write") ? [action("new tenant", t("New tenant"), () => navigate("/tenants/new"))] : []),
    ...themes.map((theme) => action(theme, `${t("Theme")}: ${themeNames[theme]()}`, () => setTheme(theme))),
    ...Object.entries(languages).map(([language, name]) =>
      action(
        language,
        `${t("Language")}: ${name}`,
        () => void setLanguage(language as keyof typeof languages, { keep: true }),
      ),
    ),
    action("sign out", t("Sign out"), () => void signOut()),
  ];
}

const searched = kinds.filter(({ search }) => search !== undefined && search.length > 0);
const each = 4;

/** Resources of the tenant whose text has this; of each kind a few. */
export function useFound(q: string): { entries: Entry[]; busy: boolean } {
  const tenant = useTenantId();
  const wanted = useLater(q.trim(), 150);
  const found = useQuery({
    queryKey: ["tenant", tenant, "palette", wanted],
    enabled: wanted !== "" && wanted.length <= 100 && tenant !== "",
    staleTime: 10_000,
    async queryFn({ signal }): Promise<Entry[]> {
      const lists = await Promise.all(
        searched.map(async (kind) => {
          const names = [kind.key, ...(kind.search ?? [])];
          const search = new URLSearchParams({ q: wanted, limit: String(each), fields: [...new Set(names)].join(",") });
          // a kind that the key may not read is not found
          const page = await send<Page<Item>>("GET", `${pathOf(tenant, kind)}?${search}`, { signal }).catch(
            () => undefined,
          );
          return (page?.data ?? []).map((item): Entry => {
            const more = names
              .map((name) => item[name])
              .find((value) => typeof value === "string" && value !== item[kind.key]);
            return {
              id: item.id,
              group: phrase(kind.plural),
              label: String(item[kind.key]),
              about: typeof more === "string" ? more : undefined,
              run: () => navigate(`/tenants/${tenant}/${kind.plural}/${item.id}`),
            };
          });
        }),
      );
      return lists.flat();
    },
  });
  const tenants = useQuery({
    queryKey: ["tenants", "palette"],
    staleTime: 60_000,
    queryFn: ({ signal }) => send<Page<Tenant>>("GET", "/v1/tenants?limit=100", { signal }),
  });
  const low = wanted.toLowerCase();
  const companies = (tenants.data?.data ?? [])
    .filter(({ name, domain }) => low !== "" && `${name} ${domain}`.toLowerCase().includes(low))
    .slice(0, each)
    .map(
      ({ id, name, domain }): Entry => ({
        id,
        group: t("Tenants"),
        label: name,
        about: domain,
        run: () => navigate(`/tenants/${id}`),
      }),
    );
  const current = wanted === "" ? [] : (found.data ?? []);
  return { entries: [...current, ...companies], busy: found.isFetching || wanted !== q.trim() };
}

function useLater(value: string, ms: number): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}

/** The entries in which every word that was typed stands; those that begin so come first. */
export function fitting(entries: Entry[], q: string): Entry[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const [first = ""] = words;
  const fits = entries.filter(({ label, about }) => {
    const text = `${label} ${about ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return fits.toSorted(
    (a, b) => Number(b.label.toLowerCase().startsWith(first)) - Number(a.label.toLowerCase().startsWith(first)),
  );
}
