import type { Catalogue } from "../t.ts";

export default {
  Webhooks: "Webhooks",
  "Events are sent to your programs as they happen, signed, and tried again for three days.":
    "Les événements sont envoyés à vos programmes dès qu'ils surviennent, signés, et réessayés pendant trois jours.",
  "New endpoint": "Nouvelle destination",
  "No endpoints yet": "Aucune destination pour l'instant",
  "Make one with the address of a program that is to hear of calls, changes and hosts.":
    "Créez-en une avec l'adresse d'un programme à informer des appels, des modifications et des hôtes.",
  "The endpoint's secret": "Le secret de la destination",
  "I have kept it": "Je l'ai conservé",
  "It signs what is sent, and this is the only time it is shown.":
    "Il signe ce qui est envoyé, et ne s'affiche que cette fois.",
  Secret: "Secret",
  Failing: "En échec",
  "Takes events": "Reçoit",
  "Make the endpoint": "Créer la destination",
  Address: "Adresse",
  "It begins with https://": "Elle commence par https://",
  Events: "Événements",
  "As in call.completed extension.*, or * for all": "Comme call.completed extension.*, ou * pour tous",
  "A test event is on its way.": "Un événement d'essai est en route.",
  "It is sent again.": "Il est renvoyé.",
  Delivered: "Remis",
  "Send a test": "Envoyer un essai",
  "Switch off": "Désactiver",
  "Switch on": "Activer",
  "New secret": "Nouveau secret",
  Deliveries: "Envois",
  "Nothing was sent yet.": "Rien n'a encore été envoyé.",
  "Send again {type}": "Renvoyer {type}",
  "Send again": "Renvoyer",
} satisfies Catalogue;
