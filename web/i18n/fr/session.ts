import type { Catalogue } from "../t.ts";

export default {
  "API key": "Clé API",
  "Sign in": "Se connecter",
  "Sign out": "Se déconnecter",
  "This API key is not known here. Check that it is whole, or ask for a new one.":
    "Cette clé API n'est pas connue ici. Vérifiez qu'elle est entière, ou demandez-en une autre.",
  "The first operator key lies in the file operator.key of the control plane's data folder. The key stays in this tab and is gone when you close it.":
    "La première clé d'opérateur se trouve dans le fichier operator.key du dossier de données du plan de contrôle. La clé reste dans cet onglet et disparaît quand vous le fermez.",
  "The API key was refused: it may have been revoked. Sign in again.":
    "La clé API a été refusée : elle a peut-être été révoquée. Reconnectez-vous.",
} satisfies Catalogue;
