// What stands around a page for who is not signed in: the brand, and one card in the middle.
import { type FormEvent, type ReactNode, useEffect } from "react";
import { t } from "../i18n/t.ts";
import { Link } from "../router.tsx";
import { useBrand } from "./brand.ts";

type Props = { title: string; about?: ReactNode; children: ReactNode; below?: ReactNode; wide?: boolean };

export function Card({ title, about, children, below, wide = false }: Props) {
  useEffect(() => {
    document.title = `${title} · Dialplane`;
  }, [title]);
  return (
    <main className={`mx-auto grid min-h-dvh w-full content-center gap-5 px-4 py-8 ${wide ? "max-w-2xl" : "max-w-sm"}`}>
      <Brand />
      <div className="card grid gap-4 p-5 shadow-sm">
        <div className="grid gap-1">
          <h1 className="font-semibold text-lg tracking-tight">{title}</h1>
          {about ? <p className="text-muted">{about}</p> : null}
        </div>
        {children}
      </div>
      {below ? <div className="grid justify-items-center gap-1 text-center text-muted">{below}</div> : null}
    </main>
  );
}

/** Of the height that it will have, before it is known. */
function Brand() {
  const brand = useBrand();
  return (
    <p className="flex h-8 items-center justify-center gap-2.5 font-semibold text-xl tracking-tight">
      {brand ? (
        <>
          <img src={brand.logo ?? icon} alt="" className="h-8 max-w-40 object-contain" />
          {brand.name}
        </>
      ) : null}
    </p>
  );
}
const icon = new URL("../icon.svg", import.meta.url).href;

/** While nothing is known yet: no more than the page's colour, so that nothing moves. */
export const Blank = () => (
  <main aria-busy="true">
    <span className="sr-only" role="status">
      {t("Loading")}
    </span>
  </main>
);

export const ToSignIn = () => (
  <Link className="link flex min-h-9 items-center" to="/">
    {t("To the sign-in page")}
  </Link>
);

/** A form without the browser's own bubbles, which are in the browser's language. */
export function Form({ onSend, children }: { onSend(): void; children: ReactNode }) {
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSend();
  };
  return (
    <form noValidate className="grid gap-3" onSubmit={send}>
      {children}
    </form>
  );
}

/** What went wrong, or well, told as it appears. */
export const Told = ({ bad, children }: { bad?: boolean; children: ReactNode }) => (
  <p role={bad ? "alert" : "status"} className={`font-medium empty:hidden ${bad ? "text-bad" : "text-good"}`}>
    {children}
  </p>
);
