import type { Catalogue } from "../t.ts";

export default {
  Overview: "Vue d'ensemble",
  "No telephone host has joined: no call can be made yet.":
    "Aucun hôte téléphonique n'est raccordé : aucun appel n'est encore possible.",
  "A host refused settings: {state}": "Un hôte a refusé des réglages : {state}",
  "{queue}: somebody waits, and no agent is there.": "{queue} : quelqu'un attend, et aucun agent n'est là.",
  "{queue}: somebody waits for {time}.": "{queue} : quelqu'un attend depuis {time}.",
  "What needs somebody": "Ce qui demande quelqu'un",
  "Calls today": "Appels aujourd'hui",
  "Answered today": "Répondus aujourd'hui",
  "On the phone": "Au téléphone",
  "Phones there": "Téléphones connectés",
  "All calls": "Tous les appels",
} satisfies Catalogue;
