import type { Catalogue } from "../t.ts";

export default {
  "{who} for {seconds} seconds{shown}.": "{who} pendant {seconds} secondes{shown}.",
  "It leaves over trunk {trunk} to {number}{shown}.": "L'appel part par la ligne {trunk} vers {number}{shown}.",
  "Voicemail box {box} takes a message.": "La boîte vocale {box} prend un message.",
  "It ends: {cause} (SIP {status}).": "L'appel se termine : {cause} (SIP {status}).",
  "The caller waits in the queue for an agent.": "L'appelant attend un agent dans la file.",
  "The caller keeps his place and is called back at {number}.":
    "L'appelant garde sa place et sera rappelé au {number}.",
  "The caller joins the conference as its moderator.": "L'appelant rejoint la conférence comme modérateur.",
  "The caller joins the conference.": "L'appelant rejoint la conférence.",
  "The call waits in slot {slot}.": "L'appel attend à la place {slot}.",
  "The caller takes the call in slot {slot}.": "L'appelant reprend l'appel de la place {slot}.",
  "The caller takes the call that rings.": "L'appelant intercepte l'appel qui sonne.",
  "{n} extensions hear the caller.": ["{n} poste entend l'appelant.", "{n} postes entendent l'appelant."],
  "What the code sets is set.": "Le réglage du code est appliqué.",
  "The caller listens to messages.": "L'appelant écoute les messages.",
  "It ends with: {what}.": "Résultat : {what}.",
  "Extension {number} rings": "Le poste {number} sonne",
  "{numbers} ring": "Sonnent {numbers}",
  ", showing {caller}": ", en affichant {caller}",
  "An extension's number, or a number of the outside world, as in +15550123":
    "Le numéro d'un poste, ou un numéro extérieur, comme +15550123",
  "As dialled by the extension; for a caller from outside one of this tenant's phone numbers":
    "Tel que le poste le compose ; pour un appelant extérieur, un des numéros de ce client",
  Simulator: "Simulateur",
  "Where would a call go now, and why? No phone rings.":
    "Où irait un appel maintenant, et pourquoi ? Aucun téléphone ne sonne.",
  "Follow the call": "Suivre l'appel",
  Result: "Résultat",
} satisfies Catalogue;
