// Keeps the page while what was typed is not saved: going elsewhere in the console asks, closing the tab lets the browser ask.
import { useEffect, useState } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { holdPage } from "../router.tsx";

export function Unsaved({ dirty }: { dirty: boolean }) {
  const [leave, setLeave] = useState<() => void>();
  useEffect(() => {
    if (!dirty) return;
    const end = holdPage((go) => {
      setLeave(() => go);
      return false;
    });
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => {
      end();
      removeEventListener("beforeunload", ask);
    };
  }, [dirty]);
  if (!leave) return null;
  return (
    <Dialog
      title={t("Leave without saving?")}
      onClose={() => setLeave(undefined)}
      actions={
        <>
          <Button look="danger" onClick={leave}>
            {t("Leave without saving")}
          </Button>
          <Button look="main" onClick={() => setLeave(undefined)}>
            {t("Stay here")}
          </Button>
        </>
      }
    >
      <p>{t("What you typed on this page is not saved yet.")}</p>
    </Dialog>
  );
}
