import type { Catalogue } from "../t.ts";

export default {
  Overview: "Vue d'ensemble",
  "Add the people": "Ajouter les personnes",
  "Log in the first phone": "Connecter le premier téléphone",
  "Give it a phone number": "Lui donner un numéro de téléphone",
  "Make the first call": "Passer le premier appel",
  "First steps": "Premiers pas",
  "{n} left": ["il en reste {n}", "il en reste {n}"],
  done: "fait",
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
