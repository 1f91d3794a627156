// Showing again that it is you, where the control plane wants that before a change: asked for in a dialog, and then the change goes on.
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Form, Told } from "./card.tsx";
import { CodeField, PasswordField, sentenceOf } from "./fields.tsx";
import { signByPasskey } from "./passkey.ts";

export type Proven = {
  /** Does the work, after the dialog where that is wanted. Undefined where the dialog was closed. */
  proven<T>(work: () => Promise<T>): Promise<T | undefined>;
  dialog: ReactNode;
};

/** What he has that does as well as the password. */
type Others = { app: boolean; passkey: boolean };

export function useProof(others: Others): Proven {
  const [answer, setAnswer] = useState<{ give(shown: boolean): void }>();
  return {
    async proven(work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ApiProblem && error.code === "proof_needed")) throw error;
      }
      const shown = await new Promise<boolean>((give) => setAnswer({ give }));
      setAnswer(undefined);
      return shown ? work() : undefined;
    },
    dialog: answer ? <ProofDialog {...others} onEnd={answer.give} /> : null,
  };
}

function ProofDialog({ app, passkey, onEnd }: Others & { onEnd(shown: boolean): void }) {
  const [by, setBy] = useState<"password" | "code">("password");
  const [value, setValue] = useState("");
  const prove = useMutation({
    mutationFn: async (wanted: "password" | "code" | "passkey") =>
      send("POST", "/v1/identity/proof", {
        body: { [wanted]: wanted === "passkey" ? await signByPasskey() : value },
      }),
    gcTime: 0,
    onSuccess: () => onEnd(true),
  });
  const go = (): void => {
    if (!prove.isPending && value !== "") prove.mutate(by);
  };
  const turn = (): void => {
    setBy(by === "code" ? "password" : "code");
    setValue("");
    prove.reset();
  };
  return (
    <Dialog
      title={t("Is it you?")}
      onClose={() => onEnd(false)}
      actions={
        <>
          <Button onClick={() => onEnd(false)}>{t("Cancel")}</Button>
          <Button look="main" busy={prove.isPending} onClick={go}>
            {t("Continue")}
          </Button>
        </>
      }
    >
      <p>{t("What you sign in with is changed only by who has just shown that it is you.")}</p>
      <Form onSend={go}>
        {by === "password" ? (
          <PasswordField autoFocus value={value} onChange={setValue} />
        ) : (
          <CodeField autoFocus value={value} onChange={setValue} />
        )}
        <Told bad>{sentenceOf(prove.error)}</Told>
        {/* Enter sends a form with a button of its own */}
        <button type="submit" hidden />
      </Form>
      <div className="flex flex-wrap gap-x-4">
        {app ? (
          <button type="button" className="link min-h-9" onClick={turn}>
            {by === "password" ? t("Use the authenticator app") : t("Use the password")}
          </button>
        ) : null}
        {passkey ? (
          <button type="button" className="link min-h-9" onClick={() => !prove.isPending && prove.mutate("passkey")}>
            {t("Use a passkey")}
          </button>
        ) : null}
      </div>
    </Dialog>
  );
}
