// The console: signed in or not, the frame around every page, and which page a path means.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { isReachable, onReachable } from "./api/reachable.ts";
import { Link, useRoute } from "./router.tsx";
import { end, useApiKey } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { TenantList } from "./tenant/list.tsx";
import { NewTenant } from "./tenant/new.tsx";
import { NothingHere, TenantPage } from "./tenant/page.tsx";

export function App() {
  const client = useQueryClient();
  const key = useApiKey();
  useEffect(() => {
    // what one key saw is not for the next
    if (key === null) client.clear();
  }, [key, client]);
  return key === null ? <SignIn /> : <Frame />;
}

function Frame() {
  const route = useRoute();
  const reachable = useSyncExternalStore(onReachable, isReachable);
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-md focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <header className="border-line border-b bg-panel">
        <div className="mx-auto flex min-h-12 max-w-6xl flex-wrap items-center gap-x-5 gap-y-1 px-4">
          <Link to="/tenants" className="flex min-h-9 items-center gap-2 font-semibold">
            <img src={new URL("./icon.svg", import.meta.url).href} alt="" className="size-5" />
            Dialplane
          </Link>
          <nav aria-label="Main" className="flex flex-1 items-center gap-4">
            <Link className="link flex min-h-9 items-center" to="/tenants">
              Tenants
            </Link>
            <a className="link flex min-h-9 items-center" href="/docs">
              API
            </a>
          </nav>
          <button type="button" className="link min-h-9" onClick={() => end()}>
            Sign out
          </button>
        </div>
      </header>
      <p role="status" className="bg-warn-soft text-center text-warn">
        {reachable ? (
          ""
        ) : (
          <span className="block px-4 py-1">
            The control plane does not answer; trying again. Phones go on as they are.
          </span>
        )}
      </p>
      <main id="main" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-6 outline-none">
        {pageOf(route)}
      </main>
    </>
  );
}

function pageOf([first, id, ...rest]: string[]): ReactNode {
  if (first === undefined || (first === "tenants" && id === undefined)) return <TenantList />;
  if (first !== "tenants" || id === undefined) return <NothingHere key={first} />;
  return id === "new" ? <NewTenant /> : <TenantPage key={id} id={id} rest={rest} />;
}
