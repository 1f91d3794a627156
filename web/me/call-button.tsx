// Calls a number by one's own browser phone, which is turned on for it.
import { useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Icon } from "../part/icon.tsx";
import { callAs } from "../phone/phone.ts";
import { ownPhone } from "./own.ts";

export function CallButton({ number, who }: { number: string; who: string }) {
  const { data: me } = useMe();
  const phone = ownPhone(me);
  if (!phone) return null;
  return (
    <button
      type="button"
      aria-label={t("Call {who}", { who })}
      title={t("Call {who}", { who })}
      className="grid size-10 shrink-0 place-items-center rounded-full border border-line text-good hover:bg-hover"
      onClick={() => void callAs(phone, number)}
    >
      <Icon name="phone" />
    </button>
  );
}
