import type { Catalogue } from "../t.ts";

export default {
  "API key": "Clé API",
  "Sign in": "Se connecter",
  "Sign out": "Se déconnecter",
} satisfies Catalogue;
