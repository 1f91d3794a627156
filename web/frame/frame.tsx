// What stands around every page: the navigation at the side (on a phone's screen behind a button), the account's menu, and word of a control plane that is
// silent.
import { type ReactNode, Suspense, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { isReachable, onReachable } from "../api/reachable.ts";
import { EmergencyWarning, useEmergency } from "../first/emergency.tsx";
import { t } from "../i18n/t.ts";
import { useBrand } from "../identity/brand.ts";
import { ImpersonationBanner } from "../impersonation/banner.tsx";
import { ownPhone } from "../me/own.ts";
import { paletteKeys, Shortcuts, type Shown, useShortcuts } from "../palette/shortcuts.tsx";
import { Icon } from "../part/icon.tsx";
import { fetchAhead, onDemand } from "../part/on-demand.tsx";
import { Skeleton } from "../part/page.tsx";
import { Toasts } from "../part/toast.tsx";
import { PhoneDock } from "../phone/dock.tsx";
import { Link, useRoute } from "../router.tsx";
import { TenantId } from "../tenant/id.ts";
import { TenantNavigation } from "../tenant/navigation.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { type Me, useMe } from "./me.ts";
import { NothingHere } from "./nothing-here.tsx";
import { places, placesOf } from "./places.ts";

const TenantPage = onDemand(() => import("../tenant/page.tsx"), "TenantPage");
const Account = onDemand(() => import("../identity/account.tsx"), "Account");
const Security = onDemand(() => import("../identity/security.tsx"), "Security");
const AccountPage = onDemand(() => import("../account/page.tsx"), "AccountPage");
const AccountNavigation = onDemand(() => import("../account/navigation.tsx"), "AccountNavigation");
const NewTenant = onDemand(() => import("../tenant/new.tsx"), "NewTenant");

export function Frame() {
  const route = useRoute();
  const [first, second] = route;
  const tenant = first === "tenants" && second !== undefined && second !== "new" ? second : undefined;
  const account = first === "accounts" ? second : undefined;
  const [shown, show] = useShortcuts();
  const { data: me, isPending } = useMe();
  const own = ownPhone(me);
  const { emergency, awaited } = useEmergency(tenant);
  useEffect(fetchAhead, []);
  const around = (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-30 focus:rounded-md focus:bg-panel focus:px-3 focus:py-2"
      >
        {t("Skip to the content")}
      </a>
      <div className="md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
        <Side path={route.join("/")} tenant={tenant} current={first ?? placesOf(me)[0]?.path ?? ""} onOpen={show} />
        <div className="min-w-0">
          <ImpersonationBanner />
          <Silence />
          <EmergencyWarning emergency={emergency} />
          <main
            id="main"
            tabIndex={-1}
            className={`mx-auto max-w-6xl px-4 pt-6 pb-20 outline-none md:px-8 ${awaited ? "opacity-0" : ""}`}
          >
            <Suspense fallback={<Skeleton />}>
              {first === undefined && isPending ? <Skeleton /> : pageOf(route, me)}
            </Suspense>
          </main>
          <Toasts />
          <Shortcuts shown={shown} onClose={() => show(undefined)} />
        </div>
      </div>
      <PhoneDock tenant={tenant ?? own?.tenant} own={own} />
    </>
  );
  return <TenantId value={tenant ?? account ?? ""}>{around}</TenantId>;
}

function pageOf([first, id, ...rest]: string[], me: Me | undefined): ReactNode {
  if (first === "tenants" && id === "new") return <NewTenant />;
  if (first === "tenants" && id !== undefined) return <TenantPage key={id} id={id} rest={rest} />;
  if (first === "account" && id === undefined) return <Account />;
  if (first === "account" && id === "security") return <Security />;
  if (first === "accounts" && id !== undefined) return <AccountPage key={id} id={id} rest={rest} />;
  const place = places.find(({ path }) => path === (first ?? placesOf(me)[0]?.path));
  if (!place) return <NothingHere key={first} />;
  const { page: Shown } = place;
  return <Shown key={place.path} rest={id === undefined ? [] : [id, ...rest]} />;
}

function Silence() {
  const reachable = useSyncExternalStore(onReachable, isReachable);
  return (
    <p role="status" className="bg-warn-soft text-center text-warn">
      {reachable ? (
        ""
      ) : (
        <span className="block px-4 py-1">
          {t("The control plane does not answer; trying again. Phones go on as they are.")}
        </span>
      )}
    </p>
  );
}

type SideProps = { path: string; tenant: string | undefined; current: string; onOpen(what: Shown): void };

/** On a narrow screen a bar with a button that opens it; going anywhere closes it. */
function Side({ path, tenant, current, onOpen }: SideProps) {
  const [openAt, setOpenAt] = useState<string>();
  const inside = <Navigation tenant={tenant} current={current} />;
  return (
    <>
      <header className="sticky top-0 z-10 flex min-h-12 items-center gap-1 border-line border-b bg-panel px-2 md:hidden">
        <button
          type="button"
          aria-label={t("Menu")}
          className="grid size-9 place-items-center rounded-md hover:bg-hover"
          onClick={() => setOpenAt(path)}
        >
          <Icon name="menu" className="size-5" />
        </button>
        <span className="flex-1">
          <Brand />
        </span>
        <button
          type="button"
          aria-label={t("Search and commands")}
          className="grid size-9 place-items-center rounded-md hover:bg-hover"
          onClick={() => onOpen("palette")}
        >
          <Icon name="search" />
        </button>
        <AccountMenu side="below" compact onHelp={() => onOpen("help")} />
      </header>
      {openAt === path ? <Drawer onClose={() => setOpenAt(undefined)}>{inside}</Drawer> : null}
      <aside className="sticky top-0 hidden h-dvh grid-rows-[auto_minmax(0,1fr)_auto] gap-2 border-line border-r bg-panel p-3 md:grid">
        <div className="grid gap-2">
          <Brand />
          <button
            type="button"
            aria-keyshortcuts="Control+K Meta+K"
            className="flex min-h-8 items-center gap-2 rounded-md border border-line px-2 text-muted hover:bg-hover"
            onClick={() => onOpen("palette")}
          >
            <Icon name="search" />
            <span className="flex-1 truncate text-left">{t("Find anything")}</span>
            <kbd className="key">{paletteKeys()}</kbd>
          </button>
        </div>
        <div className="-mx-1 overflow-y-auto px-1 [scrollbar-width:thin]">{inside}</div>
        <AccountMenu side="above" onHelp={() => onOpen("help")} />
      </aside>
    </>
  );
}

function Drawer({ onClose, children }: { onClose(): void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={t("Menu")}
      closedby="any"
      onClose={onClose}
      className="m-0 h-dvh max-h-none w-72 max-w-[85vw] border-line border-r bg-panel p-0 text-ink shadow-xl"
    >
      <div className="grid min-h-full content-start gap-3 p-3">
        <div className="flex items-center justify-between">
          <Brand />
          <button
            type="button"
            aria-label={t("Close the menu")}
            className="grid size-9 place-items-center rounded-md hover:bg-hover"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

const icon = new URL("../icon.svg", import.meta.url).href;

/** Of the height that it will have, before it is known. */
function Brand() {
  const brand = useBrand();
  return (
    <Link to="/" className="flex min-h-9 w-fit max-w-full items-center gap-2 px-2 font-semibold">
      {brand ? (
        <>
          <img src={brand.logo ?? icon} alt="" className="h-5 max-w-24 object-contain" />
          <span className="min-w-0 truncate">{brand.name}</span>
        </>
      ) : (
        <span className="skeleton h-4 w-24" />
      )}
    </Link>
  );
}

function Navigation({ tenant, current }: { tenant: string | undefined; current: string }) {
  const { data: me } = useMe();
  const route = useRoute();
  return (
    <div className="grid content-start gap-4">
      <nav aria-label={t("Main")}>
        <ul className="grid gap-0.5">
          {placesOf(me).map(({ path, label, icon }) => (
            <li key={path}>
              <Link
                to={`/${path}`}
                aria-current={path === current && tenant === undefined ? "page" : undefined}
                className="nav-link"
              >
                <Icon name={icon} className="size-4 text-muted" />
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {tenant === undefined ? <OfAccount id={accountOf(route, me?.accountId)} /> : <TenantNavigation />}
    </div>
  );
}

/** The account that the path names, else that of who is signed in. */
const accountOf = ([first, id]: string[], own: string | null | undefined): string | undefined =>
  first === "accounts" && id !== undefined ? id : (own ?? undefined);

const OfAccount = ({ id }: { id: string | undefined }) =>
  id === undefined ? null : (
    <Suspense fallback={null}>
      <AccountNavigation id={id} />
    </Suspense>
  );
