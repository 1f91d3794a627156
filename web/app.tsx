// The console: signed in or not.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Frame } from "./frame/frame.tsx";
import { useLanguage } from "./i18n/t.ts";
import { useApiKey } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";

export function App() {
  const client = useQueryClient();
  const key = useApiKey();
  useLanguage();
  useEffect(() => {
    // what one key saw is not for the next
    if (key === null) client.clear();
  }, [key, client]);
  return key === null ? <SignIn /> : <Frame />;
}
