import type { Catalogue } from "../t.ts";

export default {
  "Go to": "Aller à",
  Do: "Faire",
  "Search and commands": "Recherche et commandes",
  "Go to a page, find somebody, do something": "Aller à une page, trouver quelqu'un, agir",
  "Find anything": "Tout trouver",
  Results: "Résultats",
  "Searching …": "Recherche …",
  "Keyboard shortcuts": "Raccourcis clavier",
  "Go anywhere, find anything": "Aller partout, tout trouver",
  "Search in a list": "Chercher dans une liste",
  "Next and previous row of a list": "Ligne suivante et précédente d'une liste",
  "The same, once a row has the focus": "De même, une fois qu'une ligne a le focus",
  "Choose the row; with Shift all from the last chosen one":
    "Choisir la ligne ; avec Maj, toutes depuis la dernière choisie",
  "Open the row": "Ouvrir la ligne",
  "Close what is open": "Fermer ce qui est ouvert",
  "This help": "Cette aide",
} satisfies Catalogue;
