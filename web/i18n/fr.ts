// French: a file for each folder of the console. What only pages say that are fetched when they are wanted is in `fr-late.ts`.
import call from "./fr/call.ts";
import extension from "./fr/extension.ts";
import first from "./fr/first.ts";
import flow from "./fr/flow.ts";
import form from "./fr/form.ts";
import frame from "./fr/frame.ts";
import history from "./fr/history.ts";
import identity from "./fr/identity.ts";
import impersonation from "./fr/impersonation.ts";
import kinds from "./fr/kinds.ts";
import live from "./fr/live.ts";
import overview from "./fr/overview.ts";
import palette from "./fr/palette.ts";
import part from "./fr/part.ts";
import phone from "./fr/phone.ts";
import resource from "./fr/resource.ts";
import runtime from "./fr/runtime.ts";
import security from "./fr/security.ts";
import session from "./fr/session.ts";
import simulate from "./fr/simulate.ts";
import sync from "./fr/sync.ts";
import tenant from "./fr/tenant.ts";
import voicemail from "./fr/voicemail.ts";
import type { Catalogue } from "./t.ts";

export default {
  ...kinds,
  ...call,
  ...extension,
  ...first,
  ...flow,
  ...form,
  ...frame,
  ...history,
  ...identity,
  ...impersonation,
  ...live,
  ...overview,
  ...palette,
  ...part,
  ...phone,
  ...resource,
  ...runtime,
  ...security,
  ...session,
  ...simulate,
  ...sync,
  ...tenant,
  ...voicemail,
} satisfies Catalogue;
