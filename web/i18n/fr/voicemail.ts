import type { Catalogue } from "../t.ts";

export default {
  "No voicemail box yet": "Aucune messagerie pour l'instant",
  "An extension with a box takes messages from callers whom nobody answered.":
    "Un poste avec une messagerie prend les messages des appelants auxquels personne n'a répondu.",
  "Make a voicemail box": "Créer une messagerie",
  Box: "Messagerie",
  "More boxes": "D'autres messageries",
  "The box's settings": "Réglages de la messagerie",
  "No messages": "Aucun message",
  "A message is here as soon as its host has brought it, a moment after the caller hung up.":
    "Un message est ici dès que son hôte l'a apporté, un instant après que l'appelant a raccroché.",
  "{n} new messages": ["{n} nouveau message", "{n} nouveaux messages"],
  "Only the newest {n} are shown.": "Seuls les {n} plus récents sont affichés.",
  new: "nouveau",
  "Message from {name}": "Message de {name}",
  "Mark as new": "Marquer comme nouveau",
  "Mark as heard": "Marquer comme écouté",
  "Delete the message from {name}": "Supprimer le message de {name}",
  "Delete this message?": "Supprimer ce message ?",
  "The message from {name} is gone for good, on its host too.":
    "Le message de {name} disparaît pour de bon, sur son hôte aussi.",
  Recordings: "Enregistrements",
  "No recordings": "Aucun enregistrement",
  "Calls are recorded where a queue or a conference says so, and on demand by extensions that may (recording on demand).":
    "Les appels sont enregistrés là où une file ou une conférence le demande, et à la demande par les postes qui le peuvent.",
  "A call": "Un appel",
  "On demand": "À la demande",
  "Delete the recording of {call}": "Supprimer l'enregistrement de {call}",
  "Delete this recording?": "Supprimer cet enregistrement ?",
  "It is gone for good; the call's record stays.": "Il disparaît pour de bon ; le relevé de l'appel reste.",
} satisfies Catalogue;
