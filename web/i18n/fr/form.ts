import type { Catalogue } from "../t.ts";

export default {
  None: "Aucun",
  "Choose one": "Choisir",
  "Remove {what}": "Retirer : {what}",
  "Add {what}": "Ajouter : {what}",
  "(optional)": "(facultatif)",
  Set: "Défini",
  "Set, version {version}": "Défini, version {version}",
  "Left empty, it stays as it is": "Laissé vide, il reste inchangé",
  "Left empty, one is made and shown once": "Laissé vide, il est créé et affiché une seule fois",
  "Will be removed": "Sera retiré",
  "Make a new one": "En créer un nouveau",
  "Make one": "En créer un",
  Remove: "Retirer",
  "Keep the old one": "Garder l'ancien",
  "{n} fields below need a change.": [
    "{n} champ ci-dessous doit être modifié.",
    "{n} champs ci-dessous doivent être modifiés.",
  ],
  "Leave without saving?": "Quitter sans enregistrer ?",
  "Leave without saving": "Quitter sans enregistrer",
  "Stay here": "Rester ici",
  "What you typed on this page is not saved yet.": "Ce que vous avez saisi sur cette page n'est pas encore enregistré.",
} satisfies Catalogue;
