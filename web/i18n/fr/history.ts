import type { Catalogue } from "../t.ts";

export default {
  New: "Nouveau",
  Changed: "Modifié",
  Deleted: "Supprimé",
  "and {n} more": "et {n} de plus",
  nothing: "rien",
  "of the provider, acting for the company": "du fournisseur, agissant pour l'entreprise",
  History: "Historique",
  "Every change is a revision. Rolling back makes a new one, so nothing is ever lost.":
    "Chaque modification est une révision. Un retour en arrière en crée une nouvelle : rien n'est jamais perdu.",
  Revision: "Révision",
  "As it is now": "État actuel",
  "Roll back to revision {n}": "Revenir à la révision {n}",
  "Roll back": "Revenir",
  "by {name}": "par {name}",
  "Hide what changed": "Masquer les modifications",
  "What changed": "Modifications",
  "Roll back to revision {n}?": "Revenir à la révision {n} ?",
  Cancel: "Annuler",
  "It can't be rolled back": "Retour impossible",
  "Nothing would change: the document stands as it stood then.":
    "Rien ne changerait : le document est tel qu'il était alors.",
  "This would change, as a new revision. Passwords that were changed since stay as they are now.":
    "Voici ce qui changerait, en une nouvelle révision. Les mots de passe modifiés depuis restent tels qu'ils sont.",
  "Rolled back to revision {n}": "Retour à la révision {n} effectué",
  "I have noted them": "C'est noté",
  Close: "Fermer",
  "Nothing had to change.": "Rien n'avait à changer.",
  "The document is now at revision {n}.": "Le document est maintenant à la révision {n}.",
  "What came back has new secrets. They are shown once: note them now.":
    "Les éléments revenus ont de nouveaux secrets. Ils ne sont affichés qu'une fois : notez-les maintenant.",
} satisfies Catalogue;
