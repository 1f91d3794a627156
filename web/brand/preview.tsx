// The sign-in page as it will look, light and dark. A picture: nothing in it can be used.
import type { Brand } from "../../core/resources/brand.ts";
import { t } from "../i18n/t.ts";

const icon = new URL("../icon.svg", import.meta.url).href;

export const SignInPreview = ({ brand }: { brand: Pick<Brand, "name" | "logo" | "color" | "signUp"> }) => (
  <aside aria-label={t("The sign-in page as it will look")} className="grid gap-3 xl:sticky xl:top-6">
    <h2 className="font-semibold">{t("The sign-in page")}</h2>
    {(["light", "dark"] as const).map((scheme) => (
      <Sample key={scheme} scheme={scheme} {...brand} />
    ))}
  </aside>
);

type Props = Pick<Brand, "name" | "logo" | "color" | "signUp"> & { scheme: "light" | "dark" };

function Sample({ scheme, name, logo, color, signUp }: Props) {
  const fill = color && /^#[0-9a-fA-F]{6}$/.test(color) ? color : undefined;
  return (
    <div
      inert
      data-preview={scheme}
      style={{ colorScheme: scheme }}
      className="grid justify-items-center gap-3 rounded-lg border border-line bg-page p-6 text-ink"
    >
      <p className="flex h-8 max-w-full items-center gap-2 font-semibold text-lg">
        <img src={logo ?? icon} alt="" className="h-8 max-w-28 object-contain" />
        <span className="truncate">{name || "…"}</span>
      </p>
      <div className="card grid w-full max-w-60 gap-2.5 p-4 shadow-sm">
        <p className="font-semibold">{t("Sign in")}</p>
        <span className="h-7 rounded-md border border-edge bg-panel" />
        <span className="h-7 rounded-md border border-edge bg-panel" />
        <span
          className="rounded-md bg-fill py-1.5 text-center font-medium text-on-fill text-xs"
          style={fill ? { backgroundColor: fill } : undefined}
        >
          {t("Sign in")}
        </span>
      </div>
      {signUp ? <span className="text-accent text-xs">{t("New here? Sign up")}</span> : null}
    </div>
  );
}
