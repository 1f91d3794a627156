import type { Catalogue } from "../t.ts";

export default {
  "A second factor is needed here": "Un second facteur est exigé ici",
  "Add a passkey": "Ajouter une clé d'accès",
  "Authenticator app": "Application d'authentification",
  Continue: "Continuer",
  "Code of the app": "Code de l'application",
  "Go to {place} instead": "Aller plutôt à {place}",
  "I have kept them": "Je les ai conservés",
  "Is it you?": "Est-ce bien vous ?",
  "It shows six digits, and others every 30 seconds.":
    "Elle affiche six chiffres, qui changent toutes les 30 secondes.",
  Key: "Clé",
  Made: "Créés",
  "Make new codes": "Créer de nouveaux codes",
  "No camera? Type this key into the app:": "Pas d'appareil photo ? Saisissez cette clé dans l'application :",
  On: "Activée",
  "One more step": "Encore une étape",
  "Open your authenticator app and type the six digits that it shows.":
    "Ouvrez votre application d'authentification et saisissez les six chiffres affichés.",
  "QR code for the authenticator app": "Code QR pour l'application d'authentification",
  "Recovery code": "Code de secours",
  "Recovery codes": "Codes de secours",
  Remove: "Supprimer",
  Rename: "Renommer",
  "Remove the passkey {name}": "Supprimer la clé d'accès {name}",
  "Rename the passkey {name}": "Renommer la clé d'accès {name}",
  "Name of the passkey": "Nom de la clé d'accès",
  "never used": "jamais utilisée",
  used: "utilisée",
  "good at {site}": "valable sur {site}",
  Passkeys: "Clés d'accès",
  "The browser gave no passkey. Try again, or choose another way.":
    "Le navigateur n'a fourni aucune clé d'accès. Réessayez, ou choisissez un autre moyen.",
  "The passkey was refused": "La clé d'accès a été refusée",
  "This browser can't use passkeys here. Choose another way.":
    "Ce navigateur ne peut pas utiliser de clés d'accès ici. Choisissez un autre moyen.",
  "This device has a passkey of yours already.": "Cet appareil possède déjà l'une de vos clés d'accès.",
  "This passkey is not good here, or it took too long; try again, or sign in another way.":
    "Cette clé d'accès n'est pas valable ici, ou cela a pris trop de temps ; réessayez, ou connectez-vous autrement.",
  "Show with your passkey that it is you: by your finger, face, or the PIN of your device.":
    "Montrez avec votre clé d'accès que c'est bien vous : par votre doigt, votre visage ou le code de votre appareil.",
  "Sign in with a passkey": "Se connecter avec une clé d'accès",
  "Use a passkey": "Utiliser une clé d'accès",
  "A passkey signs you in by your finger, face, or the PIN of your device: nothing to remember, and nothing to give away.":
    "Une clé d'accès vous connecte par votre doigt, votre visage ou le code de votre appareil : rien à retenir, et rien à divulguer.",
  "Passkeys need a host name. Open the console by one, as in {url}.":
    "Les clés d'accès exigent un nom d'hôte. Ouvrez la console par un nom, par exemple {url}.",
  "Save as a file": "Enregistrer dans un fichier",
  "Scan this with an authenticator app, such as the one in your phone's password manager.":
    "Scannez ceci avec une application d'authentification, par exemple celle du gestionnaire de mots de passe de votre téléphone.",
  Security: "Sécurité",
  "Set one up, or choose another of your places.": "Configurez-en un, ou choisissez un autre de vos espaces.",
  "Set up": "Configurer",
  "Set up a second factor": "Configurez un second facteur",
  "Set up an authenticator app": "Configurer une application d'authentification",
  "Set up another app": "Configurer une autre application",
  "Show again that it is you": "Montrez à nouveau que c'est vous",
  "Sign in as somebody else": "Se connecter sous un autre nom",
  Since: "Depuis",
  "The code was refused": "Le code a été refusé",
  "The sign-in took too long. Begin again.": "La connexion a pris trop de temps. Recommencez.",
  "They let you in when your second factor is lost. New ones take the place of all before.":
    "Ils vous permettent de vous connecter si votre second facteur est perdu. De nouveaux codes remplacent tous les précédents.",
  "This code is not good: it is wrong, too old, or was used before.":
    "Ce code n'est pas valable : il est faux, trop ancien, ou déjà utilisé.",
  "Turn off": "Désactiver",
  "Turn on": "Activer",
  "Type one of the codes that you kept when you set up your second factor. Each is good once.":
    "Saisissez l'un des codes conservés lors de la configuration du second facteur. Chacun ne sert qu'une fois.",
  "Use a recovery code": "Utiliser un code de secours",
  "Use the authenticator app": "Utiliser l'application d'authentification",
  "Use the password": "Utiliser le mot de passe",
  "What you sign in with is changed only by who has just shown that it is you.":
    "Vos moyens de connexion ne changent que si vous venez de montrer que c'est bien vous.",
  "With a code of an app on your phone, your password alone lets nobody in. All other sessions end with it.":
    "Avec un code d'une application de votre téléphone, votre mot de passe seul ne laisse entrer personne. Toutes les autres sessions se terminent alors.",
  "With one of these codes you sign in when you have lost your second factor. Each is good once. Keep them where you keep other passwords: they are never shown again.":
    "Avec l'un de ces codes, vous vous connectez si vous avez perdu votre second facteur. Chacun ne sert qu'une fois. Conservez-les avec vos autres mots de passe : ils ne seront plus jamais affichés.",
  "Your recovery codes": "Vos codes de secours",
  "{n} codes left": ["{n} code restant", "{n} codes restants"],
  "{place} wants one of all its members: then a password alone lets nobody in.":
    "{place} en exige un de tous ses membres : un mot de passe seul ne laisse alors entrer personne.",
} satisfies Catalogue;
