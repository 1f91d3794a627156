// What is known of one thing of a list, at the side of the page: the browser's own modal dialog, closed by Escape, its button or a press beside it.
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { t } from "../i18n/t.ts";
import { Icon } from "./icon.tsx";

type Props = { title: string; onClose(): void; children: ReactNode };

export function Drawer({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      closedby="any"
      onClose={onClose}
      className="m-0 ml-auto h-dvh max-h-none w-[min(32rem,100vw)] max-w-none border-line border-l bg-panel p-0 text-ink shadow-xl"
    >
      <div className="grid min-h-full content-start gap-4 p-4 sm:p-6">
        <div className="flex items-start justify-between gap-3">
          <h2 id={id} className="min-w-0 font-semibold text-base break-words">
            {title}
          </h2>
          <button
            type="button"
            aria-label={t("Close")}
            className="grid size-9 shrink-0 place-items-center rounded-md hover:bg-hover"
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
