import type { Catalogue } from "../t.ts";

export default {
  "Registered phones": "Téléphones enregistrés",
  "Settings for its phones": "Réglages de ses téléphones",
  Username: "Nom d'utilisateur",
  "A password is shown when it is made. Lost it? Set a new one above.":
    "Un mot de passe est affiché à sa création. Perdu ? Définissez-en un nouveau ci-dessus.",
  "None now: calls to it go to its voicemail box, or end.":
    "Aucun en ce moment : ses appels vont à sa boîte vocale, ou se terminent.",
  Registered: "Enregistré",
  ", from ": ", depuis ",
  until: "jusqu'à",
  "Type this into the phone": "À saisir dans le téléphone",
  "The password is shown here only, now only: a reload and it is gone. A new one can be set at any time.":
    "Le mot de passe n'est affiché qu'ici et maintenant : rechargez, et il a disparu. On peut en définir un nouveau à tout moment.",
  "also: account, login, authentication name": "aussi : compte, identifiant, nom d'authentification",
  Password: "Mot de passe",
  Domain: "Domaine",
  "also: SIP server, host, realm": "aussi : serveur SIP, hôte, realm",
  "Outbound proxy": "Proxy sortant",
  "where the phone sends its messages": "là où le téléphone envoie ses messages",
  "Next proxy": "Proxy suivant",
  "where the first does not answer": "quand le premier ne répond pas",
  Transport: "Transport",
  "No edge has joined yet, so there is no server's address to type in. It stands on the extension's page as soon as one has.":
    "Aucun hôte n'est encore raccordé : il n'y a pas d'adresse de serveur à saisir. Elle apparaîtra sur la page du poste dès qu'il y en aura un.",
} satisfies Catalogue;
