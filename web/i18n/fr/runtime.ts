import type { Catalogue } from "../t.ts";

export default {
  on: "activé",
  off: "désactivé",
  nowhere: "nulle part",
  "Set by phone": "Réglé par téléphone",
  "Nothing: the settings above count.": "Rien : les réglages ci-dessus s'appliquent.",
  "Back to the settings": "Revenir aux réglages",
  "It can't be given back": "Retour aux réglages impossible",
  "By its hours": "Selon les horaires",
  "Held open": "Maintenu ouvert",
  "Held closed": "Maintenu fermé",
  "Day and night": "Jour et nuit",
  "Calls follow this at once; people switch it by phone too.":
    "Les appels suivent aussitôt ; on peut aussi basculer par téléphone.",
  "It can't be switched": "Bascule impossible",
} satisfies Catalogue;
