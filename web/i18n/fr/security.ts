import type { Catalogue } from "../t.ts";

export default {
  "A second factor is needed here": "Un second facteur est exigé ici",
  "Add a passkey": "Ajouter une clé d'accès",
  "Addresses of these domains sign in so alone, by no password and no passkey":
    "Les adresses de ces domaines ne se connectent qu'ainsi, sans mot de passe ni clé d'accès",
  "Addresses of your company sign in by single sign-on; choose that on the sign-in page.":
    "Les adresses de votre entreprise se connectent par l'authentification unique ; choisissez-la à la page de connexion.",
  "Begin again; if it stays, tell whoever runs your company's sign-in.":
    "Recommencez ; si cela persiste, prévenez le responsable des connexions de votre entreprise.",
  "Client ID": "Identifiant client",
  "Client secret": "Secret client",
  "Domains of mail addresses": "Domaines des adresses e-mail",
  "Every member needs a second factor": "Chaque membre a besoin d'un second facteur",
  "How your company's people show who they are.": "Comment les membres de votre entreprise montrent qui ils sont.",
  "Its address, as in https://login.acme.example": "Son adresse, par exemple https://login.acme.example",
  Issuer: "Émetteur",
  "Left empty, the one that is kept stays.": "Laissé vide, celui qui est conservé reste.",
  "Redirect URI": "URI de redirection",
  "Register it at your identity provider.": "Enregistrez-la chez votre fournisseur d'identité.",
  "Role of who comes in for the first time": "Rôle de qui se connecte pour la première fois",
  "Second factor": "Second facteur",
  "Sign in by single sign-on": "Connectez-vous par l'authentification unique",
  "Signing in": "Connexion",
  "Single sign-on": "Authentification unique",
  "The single sign-on was refused": "L'authentification unique a été refusée",
  "Whoever has none is led to set up a passkey or an authenticator app when he next does anything here.":
    "Qui n'en a pas est invité à configurer une clé d'accès ou une application d'authentification à sa prochaine action ici.",
  "With commas between them. A TXT record in DNS shows that each is yours.":
    "Séparés par des virgules. Un enregistrement TXT du DNS montre que chacun est à vous.",
  "You sign in at your company's own page, and come back here.":
    "Vous vous connectez à la page de votre entreprise, puis vous revenez ici.",
  "Your company's answer is being looked at.": "La réponse de votre entreprise est en cours d'examen.",
  "Your people sign in at your company's identity provider (OpenID Connect): Entra ID, Okta, Google Workspace, Keycloak.":
    "Vos utilisateurs se connectent chez le fournisseur d'identité de votre entreprise (OpenID Connect) : Entra ID, Okta, Google Workspace, Keycloak.",
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
  Rename: "Renommer",
  "Remove the passkey {name}": "Retirer la clé d'accès {name}",
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
