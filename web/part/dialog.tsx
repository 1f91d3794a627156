// A modal dialog: the browser's own, which keeps the focus inside, closes on Escape and gives the focus back.
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

type Props = { title: string; onClose(): void; children: ReactNode; actions: ReactNode };

export function Dialog({ title, onClose, children, actions }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // before it leaves the page: only then the focus goes back to where it was
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto w-[min(44rem,calc(100vw-2rem))] rounded-lg border border-line bg-panel p-0 text-ink shadow-xl"
    >
      <div className="grid max-h-[calc(100dvh-4rem)] grid-rows-[auto_1fr_auto]">
        <h2 id={id} className="border-line border-b px-4 py-3 font-semibold text-base break-words">
          {title}
        </h2>
        <div className="grid min-w-0 content-start gap-3 overflow-y-auto px-4 py-3">{children}</div>
        {actions ? (
          <div className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3">{actions}</div>
        ) : null}
      </div>
    </dialog>
  );
}
