// What the schemas and the API say is wrong, which they say in English: by their sentences, with holes where these put a value in. A hole `why` holds such a
// sentence itself, `kind` a kind of resource, `type` a type of JSON.
import type { Catalogue } from "../t.ts";

export default {
  // zod's own
  "Invalid input: expected {type}, received undefined": "il faut une valeur",
  "Invalid input: expected {type}, received {type2}": "il faut {type}, et non {type2}",
  "Invalid input: expected {value}": "doit être {value}",
  "Invalid input": "n'a pas la forme attendue",
  "Invalid input: more than one option matched": "convient à plus d'une forme",
  "Invalid option: expected one of {values}": "doit être l'un de : {values}",
  "Invalid discriminator value. Expected {values}": "doit être l'un de : {values}",
  "Too small: expected string to have >=1 characters": "ne peut pas être vide",
  "Too small: expected string to have >={n} characters": "trop court : {n} caractères au moins",
  "Too big: expected string to have <={n} characters": "trop long : {n} caractères au plus",
  "Too small: expected string to have exactly {n} characters": "trop court : {n} caractères exactement",
  "Too big: expected string to have exactly {n} characters": "trop long : {n} caractères exactement",
  "Too small: expected array to have >=1 items": "il en faut au moins un",
  "Too small: expected array to have >={n} items": "il en faut au moins {n}",
  "Too big: expected array to have <={n} items": "il peut y en avoir au plus {n}",
  "Too small: expected array to have exactly {n} items": "il en faut exactement {n}",
  "Too big: expected array to have exactly {n} items": "il en faut exactement {n}",
  "Too small: expected {type} to be >={n}": "doit valoir au moins {n}",
  "Too small: expected {type} to be >{n}": "doit valoir plus de {n}",
  "Too big: expected {type} to be <={n}": "doit valoir au plus {n}",
  "Too big: expected {type} to be <{n}": "doit valoir moins de {n}",
  "Invalid string: must match pattern {pattern}": "doit suivre le modèle {pattern}",
  "Invalid string: must start with {value}": "doit commencer par {value}",
  "Invalid string: must end with {value}": "doit finir par {value}",
  "Invalid string: must include {value}": "doit contenir {value}",
  "Invalid number: must be a multiple of {n}": "doit être un multiple de {n}",
  "Invalid email address": "doit être une adresse e-mail",
  "Invalid URL": "doit être une URL",
  "Invalid ISO date": "doit être une date, comme 2026-12-25",
  "Invalid ISO datetime": "doit être une date et une heure, comme 2026-12-25T09:00:00Z",
  "Invalid ISO time": "doit être une heure, comme 09:00",
  "Invalid ISO duration": "doit être une durée ISO 8601, comme PT15M",
  "Invalid {format}": "n'est pas de la forme attendue : {format}",
  "Invalid key in {type}": "un nom n'est pas de la forme attendue",
  "Invalid value in {type}": "une valeur n'est pas de la forme attendue",
  "Unrecognized key: {keys}": "champ inconnu {keys} ; retirez-le",
  "Unrecognized keys: {keys}": "champs inconnus {keys} ; retirez-les",
  // types of JSON
  string: "du texte",
  number: "un nombre",
  int: "un nombre entier",
  boolean: "oui ou non",
  object: "un objet",
  array: "une liste",
  record: "un objet",
  null: "rien",
  // of the schemas
  "must be + and 1 to 14 digits": "doit être + suivi de 1 à 14 chiffres",
  "must be dark enough to read white text on it; choose a darker one":
    "doit être assez foncée pour qu'on y lise un texte blanc ; choisissez-en une plus foncée",
  "must be a colour, as in #1d50cf": "doit être une couleur, comme #1d50cf",
  "must be a PNG, WebP or SVG picture as a data URL, as in data:image/png;base64,…":
    "doit être une image PNG, WebP ou SVG sous forme d'URL de données, comme data:image/png;base64,…",
  "needs a moderatorPin, or nobody could ever begin; add one or set it to false":
    "demande un code de modérateur, sinon personne ne pourrait commencer ; ajoutez-en un ou désactivez cela",
  "must be 1 to 32 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit":
    "doit avoir de 1 à 32 caractères parmi a-z, 0-9, point, tiret bas et tiret, en commençant par une lettre ou un chiffre",
  "needs at least one device": "il faut au moins un appareil",
  "must be an ISO 3166-1 alpha-2 country, as in US": "doit être un pays ISO 3166-1 alpha-2, comme FR",
  "a user name of digits must be the extension's number, {number}; use a letter to tell devices apart":
    "un nom d'utilisateur en chiffres doit être le numéro du poste, {number} ; distinguez les appareils par une lettre",
  "{name} is the user name of two devices; choose another":
    "{name} est le nom d'utilisateur de deux appareils ; choisissez-en un autre",
  "must be * or #, once or twice, and up to 4 digits": "doit être * ou #, une ou deux fois, puis jusqu'à 4 chiffres",
  "must be a country in ISO 3166-1 alpha-2, as in US": "doit être un pays ISO 3166-1 alpha-2, comme FR",
  "must be an ISO 4217 code, as in USD": "doit être un code ISO 4217, comme EUR",
  "must be an IANA time zone, as in Europe/Paris": "doit être un fuseau horaire IANA, comme Europe/Paris",
  "must be a BCP 47 language tag, as in en or fr-CA": "doit être une langue BCP 47, comme fr ou fr-CA",
  "must be 4 to 12 digits": "doit avoir de 4 à 12 chiffres",
  "must be 8 to 64 printable ASCII characters without spaces":
    "doit avoir de 8 à 64 caractères ASCII imprimables, sans espace",
  "needs either extension or number": "il faut soit un poste, soit un numéro",
  "must be 1 to 8 of 0-9, * and #": "doit avoir de 1 à 8 caractères parmi 0-9, * et #",
  "{digits} leads to two places; remove one": "{digits} mène à deux endroits ; retirez-en un",
  "must be a domain name, as in acme.example": "doit être un nom de domaine, comme acme.example",
  "must be an address or a network, as in 192.0.2.7 or 192.0.2.0/28":
    "doit être une adresse ou un réseau, comme 192.0.2.7 ou 192.0.2.0/28",
  "must be 2 to 8 digits": "doit avoir de 2 à 8 chiffres",
  "its last slot's number has more digits than the first; begin lower or have fewer":
    "le numéro de sa dernière place a plus de chiffres que celui de la première ; commencez plus bas ou prévoyez-en moins",
  "must not be empty": "ne peut pas être vide",
  "must be as in +1*, +4930XXXXXXXX or +33ZX*: digits, X (any), Z (1 to 9), N (2 to 9), and * at the end":
    "doit être comme +1*, +4930XXXXXXXX ou +33ZX* : des chiffres, X (tout chiffre), Z (1 à 9), N (2 à 9), et * à la fin",
  "must be E.164: a plus sign, the country code and the number, as in +15550100":
    "doit être au format E.164 : un plus, l'indicatif du pays et le numéro, comme +33123456789",
  "must be 1 to 32 of a-z, 0-9 and hyphen": "doit avoir de 1 à 32 caractères parmi a-z, 0-9 et tiret",
  "must be one of 0-9, * and #": "doit être l'un de 0-9, * et #",
  "is an agent of this queue twice; remove one": "est deux fois agent de cette file ; retirez-en un",
  "must begin an E.164 number, as in +4930": "doit être le début d'un numéro E.164, comme +331",
  "must be a time of day, as in 09:00 or 24:00": "doit être une heure, comme 09:00 ou 24:00",
  "names a day twice; remove one": "nomme deux fois un jour ; retirez-en un",
  "must be a date, as in 2026-12-25, or 12-25 for every year":
    "doit être une date, comme 2026-12-25, ou 12-25 pour chaque année",
  "must not be before date, and date must name its year":
    "ne peut pas précéder la date de début, qui doit indiquer son année",
  "must be 1 to 8 digits, with or without * before": "doit avoir de 1 à 8 chiffres, avec ou sans * devant",
  "must be a number as dialled from a phone of the tenant":
    "doit être un numéro tel qu'on le compose sur un téléphone du client",
  "must be 1 to 64 of letters, digits and ._+@-": "doit avoir de 1 à 64 lettres, chiffres ou ._+@-",
  "must be up to 10 of 0-9, *, # and +": "doit avoir jusqu'à 10 caractères parmi 0-9, *, # et +",
  "registering needs a username and a password; add them or set register to false":
    "l'enregistrement demande un nom d'utilisateur et un mot de passe ; ajoutez-les ou désactivez-le",
  "must be one of {values}": "doit être l'un de : {values}",
  "holds half of a surrogate pair; send well-formed Unicode": "contient un caractère tronqué ; saisissez-le de nouveau",
  "holds a control character or line break; send one line of text":
    "contient un caractère de contrôle ou un saut de ligne ; saisissez une seule ligne",
  "holds a bidirectional override; remove it": "contient une inversion du sens d'écriture ; retirez-la",
  "must be one mail address, as in ada@example.com": "doit être une adresse e-mail, comme ada@example.com",
  "must be a number as dialled from the extension, or empty":
    "doit être un numéro tel qu'on le compose depuis le poste, ou rester vide",
  // signing up and in
  "is needed": "est nécessaire",
  "/password: is needed.": "Il faut un mot de passe.",
  "has fewer than {n} characters; use {most} or more, as three or four words have":
    "a moins de {n} caractères ; prenez-en {most} ou plus, comme en ont trois ou quatre mots",
  "holds “{word}”, which others know of you; leave it out":
    "contient « {word} », que d'autres savent de vous ; retirez-le",
  "is on lists of passwords that were found out; choose another":
    "figure sur des listes de mots de passe découverts ; choisissez-en un autre",
  "is easy to guess; use three or four words that have nothing to do with each other":
    "est facile à deviner ; prenez trois ou quatre mots sans rapport entre eux",
  "is of a mail service for a moment; use an address that stays yours":
    "est d'un service d'adresses jetables ; prenez une adresse que vous garderez",
  "is none of these: {values}": "n'est aucun de : {values}",
  "is of no company that signs in by single sign-on here; sign in with your password":
    "n'est d'aucune entreprise qui a ici l'authentification unique ; connectez-vous par mot de passe",
  "is not the code that was spoken, or too old; have another one spoken":
    "n'est pas le code qui a été dit, ou il est trop ancien ; faites-en dire un autre",
  "must be a number in {country}": "doit être un numéro du pays {country}",
  "must be the six digits that were spoken": "doit être les six chiffres qui ont été dits",
  "This passkey is not good here, or it took too long; try again, or sign in another way.":
    "Cette clé d'accès ne vaut pas ici, ou cela a trop duré ; réessayez, ou connectez-vous autrement.",
  "You act for {place} already; leave it first.": "Vous agissez déjà pour {place} ; quittez-le d'abord.",
  "Only a member of an account opens the companies below it; choose such a place.":
    "Seul un membre d'un compte ouvre les entreprises qu'il a au-dessous ; choisissez une telle place.",
  "Members there need a second factor; set one up on your page “Security”.":
    "Les membres y ont besoin d'un second facteur ; configurez-en un sur votre page « Sécurité ».",
  "Members here need a second factor; set one up on your page “Security”, or choose another of your places.":
    "Les membres ont ici besoin d'un second facteur ; configurez-en un sur votre page « Sécurité », ou choisissez une autre de vos places.",
  "Passkeys need a host name; open the console by one, as in http://localhost:3000.":
    "Les clés d'accès demandent un nom d'hôte ; ouvrez la console par un tel nom, comme http://localhost:3000.",
  "There can be {n} passkeys; remove one that you no longer use.":
    "Il peut y avoir {n} clés d'accès ; retirez-en une dont vous ne vous servez plus.",
  "This installation sends no mail; ask whoever runs it to set a sender (MAIL_FROM).":
    "Cette installation n'envoie pas de courrier ; demandez à qui l'exploite de définir un expéditeur (MAIL_FROM).",
  "This installation sends no mail; set a sender (MAIL_FROM), or make him an API key.":
    "Cette installation n'envoie pas de courrier ; définissez un expéditeur (MAIL_FROM), ou créez-lui une clé d'API.",
  "You are not signed in, or the session is over; sign in again.":
    "Vous n'êtes pas connecté, ou la session est terminée ; reconnectez-vous.",
  "The sign-in took too long, or was finished; begin again with your password.":
    "La connexion a trop duré, ou est terminée ; recommencez par votre mot de passe.",
  "This code is not good: it is wrong, too old, or was used before; wait for the app's next one and try that.":
    "Ce code ne vaut pas : il est faux, trop ancien ou déjà utilisé ; attendez le prochain de l'application et essayez-le.",
  "Something else changed how you sign in at the same time; look, and try again.":
    "Autre chose a changé votre façon de vous connecter en même temps ; regardez, puis réessayez.",
  "There is no authenticator app to turn off.": "Il n'y a pas d'application d'authentification à désactiver.",
  "Recovery codes stand in for a second factor; set one up first.":
    "Les codes de secours remplacent un second facteur ; configurez-en d'abord un.",
  "Address and password do not go together; check both, or choose a new password.":
    "L'adresse et le mot de passe ne vont pas ensemble ; vérifiez les deux, ou choisissez un nouveau mot de passe.",
  "Addresses of your company sign in by single sign-on; choose that on the sign-in page.":
    "Les adresses de votre entreprise se connectent par authentification unique ; choisissez-la sur la page de connexion.",
  "You are no such member; choose one of your places.": "Vous n'êtes pas ce membre ; choisissez une de vos places.",
  "The account that takes sign-ups is gone; ask whoever runs it.":
    "Le compte qui reçoit les inscriptions n'existe plus ; demandez à qui l'exploite.",
  "Nobody signs up here by himself; ask whoever runs it for an invitation.":
    "Personne ne s'inscrit ici de lui-même ; demandez une invitation à qui l'exploite.",
  "The single sign-on was refused: {why}.": "L'authentification unique a été refusée : {why}.",
  "Your company's identity provider does not answer as it should; tell who runs it.":
    "Le fournisseur d'identité de votre entreprise ne répond pas comme il faut ; dites-le à qui l'exploite.",
  "it took too long, or was finished before; begin again": "cela a trop duré, ou était déjà terminé ; recommencez",
  "your company's identity provider did not vouch for you; begin again, and if it stays tell who runs it":
    "le fournisseur d'identité de votre entreprise ne s'est pas porté garant ; recommencez, et si cela dure, dites-le à qui l'exploite",
  "your company's identity provider told no verified address":
    "le fournisseur d'identité de votre entreprise n'a donné aucune adresse vérifiée",
  "{email} is of no domain for which your company's word counts":
    "{email} n'est d'aucun domaine pour lequel la parole de votre entreprise compte",
  "your account here has another address by now; sign in with your password":
    "votre compte a ici une autre adresse ; connectez-vous par mot de passe",
  "somebody else came in as you at the same time; begin again":
    "quelqu'un d'autre est entré à votre nom en même temps ; recommencez",
  "{email} is another's place here; ask an owner to mend it":
    "{email} est ici la place d'un autre ; demandez à un propriétaire d'y remédier",
  "Show again that it is you, by your password or a code (`POST /v1/identity/proof`), then repeat this.":
    "Montrez de nouveau que c'est vous, par votre mot de passe ou un code, puis recommencez.",
  "That was tried too often; try again in {n} s.": "Cela a été tenté trop souvent ; réessayez dans {n} s.",
  "This link was used, replaced by a later one, or is too old; ask for another.":
    "Ce lien a été utilisé, remplacé par un plus récent, ou est trop ancien ; demandez-en un autre.",
  "The tenant is not on trial: it calls as its limits say.":
    "Le client n'est pas à l'essai : il appelle selon ses limites.",
  "There is no trunk to call it over: your provider sets one up.":
    "Il n'y a pas de ligne vers l'extérieur pour l'appeler : votre fournisseur en installe une.",
  "Your provider ends the trial: ask there.": "C'est votre fournisseur qui met fin à l'essai : demandez-le-lui.",
  "He accepted an invitation already; a new password he gets on the sign-in page.":
    "Il a déjà accepté une invitation ; il obtient un nouveau mot de passe sur la page de connexion.",
  "The session is over; sign in again.": "La session est terminée ; reconnectez-vous.",
  "You are a member of nothing yet; accept an invitation first.":
    "Vous n'êtes encore membre de rien ; acceptez d'abord une invitation.",
  "You are no longer a member there; choose another of your places, or sign in again.":
    "Vous n'y êtes plus membre ; choisissez une autre de vos places, ou reconnectez-vous.",
  "A session changes things from the console's own pages alone; open the console, or use an API key.":
    "Une session ne change quelque chose que depuis les pages de la console ; ouvrez la console, ou prenez une clé d'API.",
  "{why} Leave the company by DELETE /v1/identity/session/impersonation.": "{why} Quittez l'entreprise.",
  // documents
  "must be an object": "doit être un objet",
  "must be a list": "doit être une liste",
  "no kind of resource here; known are {kinds} and settings":
    "n'est pas un type de ressource ; sont connus {kinds} et settings",
  "More than {n} items at once; send them in several parts.":
    "Plus de {n} éléments à la fois ; envoyez-les en plusieurs parties.",
  "More than {n} rows at once; send them in several parts.":
    "Plus de {n} lignes à la fois ; envoyez-les en plusieurs parties.",
  "there is no {kind} {ref}; leave the id out to create one":
    "il n'y a pas de {kind} {ref} ; omettez l'identifiant pour en créer",
  "{kind} {key} is listed twice": "{kind} {key} figure deux fois",
  "{key} is listed twice": "{key} figure deux fois",
  "nothing is there yet that could have an id; leave it out":
    "rien n'existe encore qui pourrait avoir un identifiant ; omettez-le",
  "calls would go round: {path}; send one of them elsewhere":
    "les appels tourneraient en rond : {path} ; envoyez l'un d'eux ailleurs",
  "{value} is taken by {kind} {id}; choose another": "{value} est pris par {kind} {id} ; choisissez autre chose",
  "{number} is an emergency number; choose another": "{number} est un numéro d'urgence ; choisissez-en un autre",
  "There is no {kind} {id}; check the id.": "Il n'y a pas de {kind} {id} ; vérifiez l'identifiant.",
  "There is no {kind} {id}; check the id and the API key's account.":
    "Il n'y a pas de {kind} {id} ; vérifiez l'identifiant et le compte de la clé d'API.",
  "There is no {kind} {id}; it may have been deleted.": "Il n'y a pas de {kind} {id} ; cela a peut-être été supprimé.",
  "There is no account {id}; it may have been deleted.": "Il n'y a pas de compte {id} ; il a peut-être été supprimé.",
  "Still in use by {users}{more}; change these first.": "Encore utilisé par {users}{more} ; changez-les d'abord.",
  "Others keep changing this account; try again in a moment.":
    "D'autres changent sans cesse ce compte ; réessayez dans un instant.",
  "There is too much in it: {why}.": "Il contient trop de choses : {why}.",
  "The {what} {value} is taken; choose another.": "{what} {value} : c'est déjà pris ; choisissez autre chose.",
  "is taken": "est déjà pris",
  "is perhaps taken": "est peut-être pris",
  "Something with the {what} {value} is just being made; try again in some seconds.":
    "Quelque chose avec {what} {value} est en cours de création ; réessayez dans quelques secondes.",
  "The {what} {value} is assigned to {holder}; release it there first.":
    "{what} {value} est attribué à {holder} ; libérez-le d'abord.",
  "A large change of this document is under way; try again in some seconds.":
    "Un grand changement est en cours ; réessayez dans quelques secondes.",
  "Nothing is moved or cloned out of a sandbox or into one; apply its export to a tenant there.":
    "Rien ne se déplace ni ne se copie d'un bac à sable à l'extérieur, ni l'inverse ; appliquez-y son export à un client.",
  "The change took so long that it was given up and undone; send it again.":
    "Le changement a tant duré qu'il a été abandonné et annulé ; recommencez.",
  "The {what} {value} was just taken by another; choose another.":
    "{what} {value} vient d'être pris par un autre ; choisissez autre chose.",
  "The {what} {value} is still in use by {kind} {key} of the {place} {id}; change it first.":
    "{what} {value} est encore utilisé par {kind} {key} ({place} {id}) ; changez cela d'abord.",
  "Others keep writing to it; try again in a moment.": "D'autres y écrivent sans cesse ; réessayez dans un instant.",
  "What only its present accounts have is used by {users}{more}; change these first.":
    "Ce que seuls ses comptes actuels ont est utilisé par {users}{more} ; changez-les d'abord.",
  "there is no {kind} {ref}; create it first or name another":
    "il n'y a pas de {kind} {ref} ; créez-le d'abord ou indiquez autre chose",
  "there is no template {ref} in the account or above it; create it first or name another":
    "il n'y a pas de modèle {ref} dans le compte ni au-dessus ; créez-le d'abord ou indiquez-en un autre",
  "there is no plan {ref} in the key's account or above it; create it first or name another":
    "il n'y a pas d'offre {ref} dans le compte ni au-dessus ; créez-la d'abord ou indiquez-en une autre",
  "The document is at revision {n}; choose an earlier one.":
    "La configuration en est à la révision {n} ; choisissez-en une antérieure.",
  "is in the future": "est dans le futur",
  "names a secret that this resource does not have; send the plain value, or leave it out":
    "nomme un secret que cette ressource n'a pas ; saisissez la valeur, ou laissez vide",
  "It is at version {version}; fetch it again and repeat your change.":
    "Elle en est à la version {version} ; rechargez-la et refaites votre changement.",
  "It is at version {version}, not {given}; fetch it again and repeat your change.":
    "Elle en est à la version {version}, non {given} ; rechargez-la et refaites votre changement.",
  "is of another version": "est d'une autre version",
  "can't be set; leave it out": "ne peut pas être défini ; omettez-le",
  "{pointer}/{name}: can't be set; leave it out.": "{pointer}/{name} : ne peut pas être défini ; omettez-le.",
  "is uploaded to each tenant; leave it out": "se téléverse chez chaque client ; omettez-le",
  "Others keep writing to this document; try again in a moment.":
    "D'autres écrivent sans cesse ici ; réessayez dans un instant.",
  "The document is at revision {n}, not {given}; fetch it again.":
    "La configuration en est à la révision {n}, non {given} ; rechargez-la.",
  "A secret that the change builds on is gone; send a new one.":
    "Un secret dont dépend le changement n'existe plus ; saisissez-en un nouveau.",
  "It took so long that another request took it over; ask again with the same key.":
    "Cela a tant duré qu'une autre requête a pris le relais ; recommencez.",
  "The change is too large: {why}.": "Le changement est trop grand : {why}.",
  "The {kind} is longer than {n} KB; make it shorter.": "{kind} : plus de {n} Ko ; raccourcissez.",
  // accounts and tenants
  "Send `after` as it stood in `next`, or leave it out to begin again.":
    "La liste ne peut pas continuer d'ici ; reprenez-la du début.",
  "Too many tenants have this name; send a domain.": "Trop de clients portent ce nom ; indiquez un domaine.",
  "No account above has a SIP zone, so the tenant needs a domain; send one.":
    "Aucun compte au-dessus n'a de zone SIP, il faut donc un domaine au client ; indiquez-en un.",
  "Show that {domain} is yours: publish the TXT record {name} with the text {text}, then try again.":
    "Montrez que {domain} est à vous : publiez l'enregistrement TXT {name} avec le texte {text}, puis réessayez.",
  "The plan {plan} is that of the {kind} {name}, perhaps of others too; give them another first.":
    "L'offre {plan} est celle de {kind} {name}, peut-être d'autres aussi ; donnez-leur-en d'abord une autre.",
  "There may be {n} {what} and there are {present}: that limit is {whose}. Delete some, or have {who} raise it.":
    "Il peut y avoir {n} {what}, et il y en a {present} : cette limite vient de {whose}. Supprimez-en, ou faites-la relever ({who}).",
  "must be a URL, as in https://login.acme.example": "doit être une URL, comme https://login.acme.example",
  "The {kind} {id} is suspended by account {name} ({by}): until it is resumed, this key may read but change nothing; ask that account.":
    "{kind} {id} est suspendu par le compte {name} ({by}) : d'ici la reprise, on peut lire mais rien changer ; demandez à ce compte.",
  "A key can't suspend or resume its own {kind}; use one of an account above.":
    "Une clé ne peut ni suspendre ni reprendre ce dont elle fait partie ({kind}) ; prenez celle d'un compte au-dessus.",
  "Account {id} suspended it; only it, or one above it, can resume it.":
    "Le compte {id} l'a suspendu ; lui seul, ou un compte au-dessus, peut le reprendre.",
  // rights
  "Whoever acts for a company makes no keys or members in it; leave it first.":
    "Qui agit pour une entreprise n'y crée ni clés ni membres ; quittez-la d'abord.",
  "This needs the scope {scope}, {lacking}": "Il faut pour cela le droit {scope}, {lacking}",
  "Send an API key: Authorization: Bearer dp_live_…": "Envoyez une clé d'API : Authorization: Bearer dp_live_…",
  "The API key is unknown, was revoked or was replaced; check it.":
    "La clé d'API est inconnue, a été révoquée ou remplacée ; vérifiez-la.",
  "The API key expired at {at}; make another with one that is still good.":
    "La clé d'API a expiré le {at} ; créez-en une autre avec une clé encore valable.",
  "This API key may not be used from {ip}; use it from an address on its list, or add this one with another key.":
    "Cette clé d'API ne peut pas servir depuis {ip} ; utilisez-la depuis une adresse de sa liste, ou ajoutez celle-ci avec une autre clé.",
  "What the API key belongs to was deleted; the key works again when that is restored.":
    "Ce dont fait partie la clé d'API a été supprimé ; elle vaudra de nouveau après restauration.",
  "The member whom the API key was made for was removed; use a key of your own.":
    "Le membre pour qui la clé d'API fut créée a été retiré ; prenez une clé à vous.",
  "{scope} is beyond this key": "{scope} dépasse les droits de cette clé",
  "{scope} is beyond the role {role}": "{scope} dépasse le rôle {role}",
  "this key expires at {at}; it can give no longer": "cette clé expire le {at} ; elle ne peut donner plus longtemps",
  "this key is for {ips} alone": "cette clé ne vaut que pour {ips}",
  "A key can give no more than it has: {why}.": "Une clé ne peut donner plus qu'elle n'a : {why}.",
  "A member's key makes and rotates members' keys alone; use one that is nobody's.":
    "La clé d'un membre ne crée et ne renouvelle que des clés de membres ; prenez-en une qui n'est à personne.",
  "The key is at version {n}; fetch it again.": "La clé en est à la version {n} ; rechargez-la.",
  "Idempotency-Key must be 1 to 255 printable ASCII characters without spaces.":
    "Idempotency-Key doit avoir de 1 à 255 caractères ASCII imprimables, sans espace.",
  "This Idempotency-Key came with another request before; use a new key for a new request.":
    "Cette Idempotency-Key a déjà accompagné une autre requête ; prenez-en une nouvelle.",
  "The first request with this key is still running; ask again in a second.":
    "La première requête avec cette clé est encore en cours ; réessayez dans une seconde.",
  "Only whoever has all rights of a role gives or takes it: {why}.":
    "Seul qui a tous les droits d'un rôle le donne ou le retire : {why}.",
  "the role {role} may {scopes}, which is beyond this key":
    "le rôle {role} peut {scopes}, ce qui dépasse les droits de cette clé",
  "There is a member with the address {email} here already; change that one.":
    "Il y a déjà ici un membre avec l'adresse {email} ; modifiez celui-là.",
  "This is the last owner; make somebody else an owner first.":
    "C'est le dernier propriétaire ; nommez-en d'abord un autre.",
  // of requests
  "unknown field {names}; remove it": "champ inconnu {names} ; retirez-le",
  "expiresAt is past; choose a later time, or delete the key.":
    "L'échéance est passée ; choisissez une date ultérieure, ou supprimez la clé.",
  "is past": "est passé",
  "name what the key may, as in extensions:read": "indiquez ce que peut la clé, comme extensions:read",
  "there is no such member in that account or tenant": "il n'y a pas de tel membre dans ce compte ou chez ce client",
  "It is about an account or a tenant; send one of accountId and tenantId.":
    "Il s'agit d'un compte ou d'un client ; indiquez l'un des deux.",
  "Your own address {ip} is not on the list, so this key would shut itself out; add it, or send force=true.":
    "Votre propre adresse {ip} n'est pas dans la liste, cette clé s'exclurait donc elle-même ; ajoutez-la.",
  "would shut out the caller": "exclurait celui qui le demande",
  "must be a number as a phone dials it": "doit être un numéro tel qu'un téléphone le compose",
  "from: there is no extension {ref} in this tenant.": "Il n'y a pas de poste {ref} chez ce client.",
  "there is no extension {ref} in this tenant; create it first or name another":
    "il n'y a pas de poste {ref} chez ce client ; créez-le d'abord ou indiquez-en un autre",
  "no such extension": "il n'y a pas de tel poste",
  "there is no such extension": "il n'y a pas de tel poste",
  "The extension {number} is disabled; enable it before it calls.":
    "Le poste {number} est désactivé ; activez-le avant qu'il appelle.",
  "The extension {number} is disabled; enable it first.": "Le poste {number} est désactivé ; activez-le d'abord.",
  "The extension {number} has no device that could lend its own.":
    "Le poste {number} n'a pas d'appareil qui puisse prêter le sien.",
  "No edge carries this tenant's calls; enrol one in its pool with POST /v1/edges.":
    "Aucun serveur téléphonique ne porte les appels de ce client ; inscrivez-en un dans son groupe.",
  "A sandbox has no phones; POST …/sandbox/calls makes a call in it.":
    "Un bac à sable n'a pas de téléphones ; ses appels se font par l'API.",
  "a sandbox has no phones; POST …/sandbox/calls makes a call in it":
    "un bac à sable n'a pas de téléphones ; ses appels se font par l'API",
  "The feature code echo-test is turned off; give it a code, or say whom to call in `to`.":
    "Le code de service du test d'écho est désactivé ; donnez-lui un code, ou dites qui appeler.",
  "Nobody is in the conference; it can be locked once somebody is.":
    "Personne n'est dans la conférence ; on peut la verrouiller dès que quelqu'un y est.",
  "The operator's account can't be deleted.": "Le compte de l'exploitant ne peut pas être supprimé.",
  "A key can't delete its own account; use one of an account above.":
    "Une clé ne peut pas supprimer son propre compte ; prenez celle d'un compte au-dessus.",
  "It still has {what}; delete these first, or send cascade=true to delete all with it.":
    "Il reste {what} ; supprimez-les d'abord.",
  "This API key is a tenant's own; use one of its account.":
    "Cette clé d'API est celle d'un client ; prenez-en une de son compte.",
  "A sandbox has a simulated edge and no other; make the pool in a live account.":
    "Un bac à sable n'a qu'un serveur simulé ; créez le groupe dans un compte réel.",
  "There is no such pool in this account; name one with poolId.":
    "Il n'y a pas de tel groupe dans ce compte ; indiquez-en un.",
  "there is no such pool": "il n'y a pas de tel groupe",
  "There is no pool {id}.": "Il n'y a pas de groupe {id}.",
  "A sandbox's tenants live on its simulated edge and on no pool; leave poolId out.":
    "Les clients d'un bac à sable vivent sur son serveur simulé et sur aucun groupe ; n'en indiquez pas.",
  "must be left out in a sandbox": "s'omet dans un bac à sable",
  "The edge has not reported since this version is installed; wait for its agent.":
    "Le serveur n'a rien dit depuis l'installation de cette version ; attendez son agent.",
  "Below a sandbox everything is one; leave sandbox out, or use a live account.":
    "Sous un bac à sable tout en est un ; omettez-le, ou prenez un compte réel.",
  "It does not fit: {why}.": "Cela ne tient pas : {why}.",
  "Others wrote to the same things; try again in a moment.":
    "D'autres ont écrit au même endroit ; réessayez dans un instant.",
  "There is nothing at this path; /docs lists what there is.":
    "Il n'y a rien à cette adresse ; /docs dit ce qu'il y a.",
  "The file is no calendar: {why}.": "Le fichier n'est pas un calendrier : {why}.",
  "The file is not UTF-8; save it as CSV UTF-8.": "Le fichier n'est pas en UTF-8 ; enregistrez-le en CSV UTF-8.",
  "Line {n}: {why}.": "Ligne {n} : {why}.",
  "Line {n}: {why}. Nothing was imported.": "Ligne {n} : {why}. Rien n'a été importé.",
  "Line {n}, {column}: {why}. Nothing was imported.": "Ligne {n}, {column} : {why}. Rien n'a été importé.",
  "Send one of number and areaPrefix.": "Indiquez un numéro ou un préfixe.",
  "is needed, or areaPrefix in its place": "est nécessaire, ou un préfixe à sa place",
  "The number {number} is assigned to {id}; release it first.":
    "Le numéro {number} est attribué à {id} ; libérez-le d'abord.",
  "No account above has {number} to give; GET …/phone-numbers/free lists what is free.":
    "Aucun compte au-dessus n'a {number} à donner ; regardez la liste des numéros libres.",
  "is not free": "n'est pas libre",
  "must be {what}": "doit être {what}",
  "must be 1 to {n}": "doit valoir de 1 à {n}",
  "must be 1 to 100 characters": "doit avoir de 1 à 100 caractères",
  "q must be 1 to 100 characters.": "La recherche doit avoir de 1 à 100 caractères.",
  "Your extension {number} is disabled; ask for it to be enabled.":
    "Votre poste {number} est désactivé ; demandez qu'on l'active.",
  "Your extension {number} has no voicemail box; ask for one.":
    "Votre poste {number} n'a pas de boîte vocale ; demandez-en une.",
  "You have no extension here; whoever runs the phone system gives you one (the member's `extension`).":
    "Vous n'avez pas de poste ici ; qui gère le système téléphonique vous en donne un.",
  "Only a tenant has extensions; send its tenantId, or no extension.":
    "Seul un client a des postes ; n'indiquez pas de poste ici.",
  "is of tenants alone": "n'existe que chez les clients",
  "The role user is one of a tenant's people; send its tenantId, or another role.":
    "Le rôle d'utilisateur n'existe que chez les clients ; choisissez un autre rôle.",
  "must be SHA-256 in 64 hex digits": "doit être un SHA-256 de 64 chiffres hexadécimaux",
  "The file is no {format} that can be used: {why}.": "Le fichier n'est pas un {format} utilisable : {why}.",
  "it is no RIFF/WAVE file": "ce n'est pas un fichier RIFF/WAVE",
  "it holds no samples": "il ne contient aucun son",
  "its format is cut off": "son format est tronqué",
  "{who} may send {n} requests in {s} s; try again in {wait} s.":
    "Trop de requêtes ({n} permises en {s} s) ; réessayez dans {wait} s.",
  "no other extension has a device of this user name": "aucun autre poste n'a d'appareil de ce nom d'utilisateur",
  "is no device of the extension": "n'est pas un appareil du poste",
  "This tenant is live; make an account with sandbox: true and a tenant in it, and call there.":
    "Ce client est réel ; créez un bac à sable et un client dedans, et appelez-y.",
  "to: a caller from outside dials a phone number; send it in E.164.":
    "Un appelant de l'extérieur compose un numéro de téléphone ; indiquez-le au format E.164.",
  "is no phone number": "n'est pas un numéro de téléphone",
  "The call went on for {n} steps without an end; look for a loop in its steps.":
    "L'appel a duré {n} étapes sans finir ; cherchez une boucle dans ses étapes.",
  "A sandbox has no single sign-on; set it on a live account.":
    "Un bac à sable n'a pas d'authentification unique ; réglez-la dans un compte réel.",
  "is a mail service that everybody has addresses of": "est un service d'e-mail où chacun a des adresses",
  "{domain} is another account's; it has to give it up first.":
    "{domain} est à un autre compte ; il doit d'abord y renoncer.",
  "{domain} is another account's": "{domain} est à un autre compte",
  "must be up to 32 of 0-9, * and #": "doit avoir jusqu'à 32 caractères parmi 0-9, * et #",
  "must be a URL that begins with https://": "doit être une URL qui commence par https://",
  "The endpoint is switched off; set enabled to true, then send the test.":
    "Le point de réception est désactivé ; activez-le, puis envoyez le test.",
  "there is no such event here; the log holds 30 days": "il n'y a pas de tel événement ici ; le journal garde 30 jours",
  // titles that no page has words for
  "No valid API key or signature": "Pas de clé d'API ni de signature valable",
  "The API key lacks a scope": "Il manque un droit à la clé d'API",
  "The firewall refused the request": "Le pare-feu a refusé la requête",
  "That did not work": "Cela n'a pas marché",
  "The server answered with status {n}.": "Le serveur a répondu avec le code {n}.",
  "The request can't be read": "La requête est illisible",
  "A query parameter is not understood": "Un paramètre n'est pas compris",
  "The cursor is not one of ours": "Le curseur n'est pas un des nôtres",
  "The API key may not be used from this address": "La clé d'API ne peut pas servir depuis cette adresse",
  "The path does not take this method": "Cette adresse n'accepte pas cette méthode",
  "The answer is too large": "La réponse est trop grande",
  "The first request with this key is still running": "La première requête avec cette clé est encore en cours",
  "The body is not of the type that is wanted": "Le contenu n'est pas du type voulu",
  "The idempotency key was used with another request": "La clé d'idempotence a servi à une autre requête",
  "Too many changes for one revision": "Trop de changements pour une révision",
} satisfies Catalogue;
