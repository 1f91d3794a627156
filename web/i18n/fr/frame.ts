import type { Catalogue } from "../t.ts";

export default {
  Hosts: "Hôtes",
  "My phone": "Mon téléphone",
  Members: "Membres",
  Account: "Compte",
  Theme: "Thème",
  Language: "Langue",
  "API reference": "Référence de l'API",
  System: "Système",
  Light: "Clair",
  Dark: "Sombre",
  "Skip to the content": "Aller au contenu",
  "The control plane does not answer; trying again. Phones go on as they are.":
    "Le plan de contrôle ne répond pas ; nouvel essai en cours. Les téléphones continuent de fonctionner.",
  Menu: "Menu",
  "Close the menu": "Fermer le menu",
  Main: "Principal",
  "Nothing here": "Rien ici",
  "There is no such page.": "Cette page n'existe pas.",
  "To the beginning": "Retour à l'accueil",
} satisfies Catalogue;
