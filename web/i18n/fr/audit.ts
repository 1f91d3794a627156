import type { Catalogue } from "../t.ts";

export default {
  "Audit log": "Journal d'audit",
  "Every change of the last 400 days: who, from where, by which request. Nobody can change it.":
    "Chaque modification des 400 derniers jours : qui, d'où, par quelle requête. Personne ne peut le modifier.",
  "All companies": "Toutes les entreprises",
  Who: "Qui",
  Everybody: "Tout le monde",
  Until: "Jusqu'au",
  "Revision {n}": "Révision {n}",
  "Acting for the company": "Agissait pour l'entreprise",
  "Opened the company": "A ouvert l'entreprise",
  "Left the company": "A quitté l'entreprise",
  Created: "Créé",
  "Done by itself": "Fait automatiquement",
} satisfies Catalogue;
