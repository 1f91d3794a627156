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
  // what the schemas say of a value
  "must be 2 to 8 digits": "doit avoir de 2 à 8 chiffres",
  "needs at least one device": "il faut au moins un appareil",
  "must be 1 to 32 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit":
    "de 1 à 32 caractères parmi a-z, 0-9, point, tiret bas et tiret, en commençant par une lettre ou un chiffre",
} satisfies Catalogue;
