import type { Catalogue } from "../t.ts";

export default {
  "Keep it": "Conserver",
  Delete: "Supprimer",
  "It goes from every edge at once. The history keeps it: a roll back brings it back.":
    "L'élément disparaît aussitôt de tous les hôtes. L'historique le garde : un retour en arrière le ramène.",
  "It can't be deleted": "Suppression impossible",
  "Nothing has changed.": "Rien n'a changé.",
  "Saved.": "Enregistré.",
  Enable: "Activer",
  Disable: "Désactiver",
  Save: "Enregistrer",
  "Not saved yet.": "Pas encore enregistré.",
  "Show it as it is now": "Afficher l'état actuel",
  "With the {what}": "Par {what}",
  Disabled: "Désactivé",
  "{what} is ready": "{what} : prêt",
  Done: "Terminé",
  "Shown once": "Affiché une seule fois",
  "Shown once: note it now.": "Affiché une seule fois : notez-le maintenant.",
  "I have noted it": "C'est noté",
  Yes: "Oui",
  No: "Non",
} satisfies Catalogue;
