// The pages that stand without the console's frame, by their paths: links in mails lead to them, whoever is signed in.
import type { ComponentType } from "react";
import { onDemand } from "../part/on-demand.tsx";

const late = { ahead: false };

export const identityPages: Record<string, ComponentType> = {
  forgotten: onDemand(() => import("./forgotten.tsx"), "Forgotten", late),
  reset: onDemand(() => import("./reset.tsx"), "Reset", late),
  accept: onDemand(() => import("./accept.tsx"), "Accept", late),
  "sign-up": onDemand(() => import("./sign-up.tsx"), "SignUp", late),
  welcome: onDemand(() => import("./welcome.tsx"), "Welcome", late),
  sso: onDemand(() => import("./sso.tsx"), "Sso", late),
  verify: onDemand(() => import("./verify.tsx"), "Verify", late),
};

/** Stands in the place of everything, for whose account or tenant wants a second factor. */
export const SetUpSecond = onDemand(() => import("./set-up-second.tsx"), "SetUpSecond", late);
