import type { Catalogue } from "../t.ts";

export default {
  "People who sign in here. What each may do is their role's; an extension gives them a phone of their own.":
    "Les personnes qui se connectent ici. Leur rôle dit ce que chacune peut ; un poste leur donne un téléphone.",
  "No members yet": "Aucun membre pour l'instant",
  "Invite somebody by email: a link lets them choose a password and come in.":
    "Invitez quelqu'un par e-mail : un lien lui permet de choisir un mot de passe et d'entrer.",
  "Invite somebody": "Inviter quelqu'un",
  "Send the invitation": "Envoyer l'invitation",
  "An invitation is on its way to {email}.": "Une invitation est en route vers {email}.",
  "Mail an invitation now, in": "Envoyer une invitation maintenant, en",
  "Language of the invitation": "Langue de l'invitation",
  "No invitation was sent": "Aucune invitation n'a été envoyée",
  Add: "Ajouter",
  Invite: "Inviter",
  "Invite again": "Inviter à nouveau",
  Invited: "Invité",
  "Not invited": "Pas invité",
  Active: "Actif",
  "Mail to this address comes back; none is sent there until":
    "Le courrier à cette adresse revient ; rien n'y est envoyé jusqu'au",
  "Mail from here was called spam; none is sent there until":
    "Le courrier d'ici y a été signalé comme indésirable ; rien n'y est envoyé jusqu'au",
  you: "vous",
  Role: "Rôle",
  "Change {name}": "Modifier {name}",
  "Remove {name}": "Retirer {name}",
  "Remove {name}?": "Retirer {name} ?",
  "{name} is signed out here at once, and API keys made for them work no more. Their extension stays.":
    "{name} est déconnecté d'ici aussitôt, et les clés API créées à son nom ne marchent plus. Son poste reste.",
  "Its calls, voicemail and settings are theirs under “My phone”.":
    "Ses appels, sa messagerie et ses réglages sont à cette personne, sous « Mon téléphone ».",
  "Everything, and decides who else is an owner.": "Tout, et décide qui d'autre est propriétaire.",
  "Everything day by day: people, phones, numbers, calls, recordings and keys. Makes no owners.":
    "Tout le quotidien : personnes, téléphones, numéros, appels, enregistrements et clés. Ne nomme pas de propriétaires.",
  "Sees who called whom for how long, numbers and prices. Changes nothing but their own phone.":
    "Voit qui a appelé qui et combien de temps, les numéros et les prix. Ne change rien que son propre téléphone.",
  "Sees how everything is set up and what became of calls, and sets forwards for people. No messages, recordings or passwords.":
    "Voit comment tout est réglé et ce que deviennent les appels, et règle les renvois des personnes. Ni messages, ni enregistrements, ni mots de passe.",
  "Their own phone, with its calls, voicemail and forwards, and the phone book.":
    "Son propre téléphone, avec ses appels, sa messagerie et ses renvois, et l'annuaire.",
  "API keys": "Clés API",
  "Programs act by a key, with no more rights than it names. Give each program one of its own.":
    "Les programmes agissent par une clé, sans plus de droits qu'elle n'en nomme. Donnez la sienne à chaque programme.",
  "New API key": "Nouvelle clé API",
  "No API keys yet": "Aucune clé API pour l'instant",
  "Make one for each program that is to read or change something here.":
    "Créez-en une pour chaque programme qui doit lire ou changer quelque chose ici.",
  "This one": "Celle-ci",
  "Last used": "Dernier usage",
  never: "jamais",
  Expires: "Expire",
  "The secret before works until": "Le secret d'avant marche jusqu'à",
  "New secret": "Nouveau secret",
  Revoke: "Révoquer",
  "Give {name} a new secret?": "Donner un nouveau secret à {name} ?",
  "Replace at once": "Remplacer aussitôt",
  "Keep the old one for a day": "Garder l'ancien un jour",
  "While both work, change the program; a secret that somebody else may have is replaced at once.":
    "Tant que les deux marchent, changez le programme ; un secret que quelqu'un d'autre peut avoir se remplace aussitôt.",
  "Revoke {name}?": "Révoquer {name} ?",
  "Whatever acts by it is refused from now on; that can't be undone.":
    "Ce qui agit par elle est refusé désormais ; c'est irréversible.",
  "Read everything": "Tout lire",
  "Sees all that is here and changes nothing.": "Voit tout ce qui est ici et ne change rien.",
  Everything: "Tout",
  "As much as you may yourself.": "Autant que ce que vous pouvez vous-même.",
  "Chosen scopes": "Des droits choisis",
  "As in extensions:read or calls:write; the API reference names them all.":
    "Comme extensions:read ou calls:write ; la référence de l'API les nomme tous.",
  "The hosts of a pool": "Les serveurs d'un groupe",
  "The hosts of {pool} alone": "Les serveurs de {pool} seulement",
  "Joins hosts to it, drains and removes them, and reaches nothing else: for what starts hosts by itself.":
    "Y ajoute des serveurs, les vide et les retire, et n'atteint rien d'autre : pour ce qui démarre des serveurs tout seul.",
  "Make the key": "Créer la clé",
  "Of the program that has it.": "Du programme qui l'utilise.",
  "What it may": "Ce qu'elle peut",
  Scopes: "Droits",
  "in 30 days": "dans 30 jours",
  "in 90 days": "dans 90 jours",
  "in a year": "dans un an",
} satisfies Catalogue;
