// The console: signed in or not, and the pages that links in mails lead to.
import { Suspense, useEffect } from "react";
import { Frame } from "./frame/frame.tsx";
import { useLanguage } from "./i18n/t.ts";
import { Blank } from "./identity/card.tsx";
import { identityPages, SetUpSecond } from "./identity/pages.ts";
import { SignIn } from "./identity/sign-in.tsx";
import { useRoute } from "./router.tsx";
import { setPerson, useSession, whose } from "./session/session.ts";
import { refreshSession } from "./session/sign-out.ts";

export function App() {
  const session = useSession();
  const [first = ""] = useRoute();
  useLanguage();
  useEffect(() => {
    if (session === undefined) refreshSession().catch(() => setPerson(null));
  }, [session]);
  const Page = Object.hasOwn(identityPages, first) ? identityPages[first] : undefined;
  if (Page)
    return (
      <Suspense fallback={<Blank />}>
        <Page />
      </Suspense>
    );
  if (session === undefined) return <Blank />;
  if (session?.by === "person" && session.needs !== null)
    return (
      <Suspense fallback={<Blank />}>
        <SetUpSecond session={session} />
      </Suspense>
    );
  return session === null ? <SignIn /> : <Frame key={whose(session)} />;
}
