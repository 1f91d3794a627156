// The templates among which who signs up chooses, each as a card with what is in it.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";

type Offered = { name: string; description: string; contents: Record<string, number> };
type Props = { chosen: string | undefined; onChoose(name: string): void };

/** What tells one template from another; the rest comes along. */
const told = ["extensions", "menus", "queues", "ring-groups", "schedules", "conferences", "paging-groups"];

export function Templates({ chosen, onChoose }: Props) {
  const { data } = useQuery({
    queryKey: ["templates-offered"],
    queryFn: ({ signal }) => send<{ data: Offered[] }>("GET", "/v1/identity/sign-up/templates", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <fieldset className="grid gap-1" aria-busy={data === undefined}>
      <legend className="mb-1 font-medium">{t("What it begins with")}</legend>
      <div className="grid min-h-24 gap-2 sm:grid-cols-2">
        {data?.data.map(({ name, description, contents }) => (
          <label
            key={name}
            className="relative grid content-start gap-1 rounded-lg border border-edge p-3 outline-accent hover:bg-hover has-checked:border-accent has-checked:bg-hover has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name="template"
              className="absolute inset-0 size-full cursor-pointer opacity-0"
              checked={name === chosen}
              onChange={() => onChoose(name)}
            />
            <span className="font-semibold first-letter:uppercase">{name}</span>
            {description ? <span className="text-muted text-xs">{description}</span> : null}
            <span className="flex flex-wrap gap-1 pt-1 text-xs">
              {told.flatMap((plural) =>
                contents[plural] ? (
                  <span key={plural} className="rounded bg-page px-1.5 py-0.5">
                    {phrase(plural)} {contents[plural]}
                  </span>
                ) : (
                  []
                ),
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
