import type { Catalogue } from "../t.ts";

export default {
  "What is live where": "Ce qui est en place, et où",
  Live: "En place",
  "Nothing yet": "Encore rien",
  "{n} failures": ["{n} échec", "{n} échecs"],
  "{n} behind": "{n} de retard",
  Comparing: "Comparaison",
  "No edge yet": "Aucun hôte",
  "Failing on {n} of {all}": "En échec sur {n} de {all}",
  "Live on {n} edges": ["En place sur {n} hôte", "En place sur {n} hôtes"],
  "Live on {n} of {all}": "En place sur {n} de {all}",
  Sync: "Synchronisation",
  "Every edge keeps this tenant's configuration on its own disk and says here what is really in place.":
    "Chaque hôte garde la configuration de ce client sur son propre disque et indique ici ce qui est vraiment en place.",
  "The document is at revision {n}.": "Le document est à la révision {n}.",
  "No edge has joined this tenant's pool": "Aucun hôte n'est raccordé au groupe de ce client",
  "On the telephone host run this command; a one-time token comes from POST /v1/edges.":
    "Sur l'hôte téléphonique, lancez cette commande ; un jeton à usage unique s'obtient par POST /v1/edges.",
  "In place": "En place",
  "revision {n}": "révision {n}",
  "Told of": "Annoncé",
  Since: "Depuis",
  "The edge tries again.": "L'hôte réessaie.",
  "It needs a change.": "Une modification est nécessaire.",
} satisfies Catalogue;
