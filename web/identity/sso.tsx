// Single sign-on: the address first, then one's company's own page, which sends the browser back here with its word.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { navigate } from "../router.tsx";
import type { PersonSession } from "../session/session.ts";
import { Card, Form, Told, ToSignIn } from "./card.tsx";
import { EmailField, flawOf, sentenceOf } from "./fields.tsx";
import { signedIn } from "./sign-in.tsx";

// this tab alone finishes what it began: nobody is signed in by another's answer
const place = "dialplane.sso";

export function Sso() {
  const [query, setQuery] = useState(location.search.slice(1));
  return query === "" ? <Begin /> : <Finish query={query} onOther={setQuery} />;
}

function Begin() {
  const [email, setEmail] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const begin = useMutation({
    mutationFn: () => send<{ url: string; token: string }>("POST", "/v1/identity/sso", { body: { email } }),
    gcTime: 0,
    onSuccess({ url, token }) {
      sessionStorage.setItem(place, token);
      if (/^https?:\/\//.test(url)) location.assign(url);
    },
  });
  return (
    <Card
      title={t("Single sign-on")}
      about={t("You sign in at your company's own page, and come back here.")}
      below={<ToSignIn />}
    >
      <Form onSend={() => !begin.isPending && email.trim() !== "" && begin.mutate()}>
        <EmailField autoFocus value={email} onChange={setEmail} wrong={flawOf(begin.error, "/email")} />
        <Told bad>{sentenceOf(begin.error, "/email")}</Told>
        <Button type="submit" look="main" busy={begin.isPending || begin.isSuccess}>
          {t("Continue")}
        </Button>
      </Form>
    </Card>
  );
}

/** `onOther`: this tab began nothing. */
function Finish({ query, onOther }: { query: string; onOther(query: string): void }) {
  const finish = useMutation({
    mutationFn: (token: string) => send<PersonSession>("POST", "/v1/identity/sso/finish", { body: { token, query } }),
    gcTime: 0,
    onSuccess(session) {
      signedIn(session);
      navigate(session.member?.tenantId ? `/tenants/${session.member.tenantId}` : "/", "replace");
    },
  });
  const { mutate } = finish;
  useEffect(() => {
    const token = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    if (token !== null) mutate(token);
    else onOther("");
  }, [mutate, onOther]);
  return (
    <Card title={t("Single sign-on")} below={finish.error ? <ToSignIn /> : null}>
      {finish.error ? (
        <Told bad>{sentenceOf(finish.error)}</Told>
      ) : (
        <p role="status">{t("Your company's answer is being looked at.")}</p>
      )}
    </Card>
  );
}
