import type { Catalogue } from "../t.ts";

export default {
  "Call {who}": "Appeler {who}",
  Missed: "Manqués",
  "No missed calls": "Aucun appel manqué",
  "Whoever calls while you don't answer is here.": "Ceux qui appellent sans que vous répondiez sont ici.",
  "Call somebody from Contacts, or have somebody call {number}.":
    "Appelez quelqu'un depuis les contacts, ou faites appeler le {number}.",
  "You called": "Vous avez appelé",
  "You called, without an answer": "Vous avez appelé, sans réponse",
  "Called you": "Vous a appelé",
  "Somebody else took it": "Pris par quelqu'un d'autre",
  "Missed, went to voicemail": "Manqué, passé à la messagerie",
  "Speed dial {number}": "Numéro abrégé {number}",
  "The phone book is empty": "L'annuaire est vide",
  "Contacts and speed dials of your company are here, once somebody adds them.":
    "Les contacts et les numéros abrégés de votre entreprise sont ici, dès que quelqu'un les ajoute.",
  "Nobody fits.": "Personne ne correspond.",
  "Search for the others.": "Cherchez pour trouver les autres.",
  "When I am busy": "Quand je suis occupé",
  "When I don't answer": "Quand je ne réponds pas",
  "Forward my calls": "Renvoyer mes appels",
  "To {number}": "Vers {number}",
  "{what}: name or number": "{what} : nom ou numéro",
  "Change the number": "Changer le numéro",
  "No phone is yours yet": "Vous n'avez pas encore de téléphone",
  "Ask whoever runs the phone system to give you an extension: under Members, at your name.":
    "Demandez à la personne qui gère la téléphonie de vous donner un poste : sous Membres, à votre nom.",
  "Ask whoever runs the phone system for a voicemail box: it takes messages when you don't answer.":
    "Demandez une messagerie à la personne qui gère la téléphonie : elle prend les messages quand vous ne répondez pas.",
  "All calls go to {number}": "Tous les appels vont vers {number}",
  "Your phones don't ring": "Vos téléphones ne sonnent pas",
  "Your phones ring": "Vos téléphones sonnent",
  "During a call": "Pendant un appel",
  "A second call rings while you talk; without it, callers find you busy":
    "Un second appel sonne pendant que vous parlez ; sans cela, vous êtes occupé",
  "Your other numbers ring too, as whoever runs the phone system listed them":
    "Vos autres numéros sonnent aussi, tels que listés par la personne qui gère la téléphonie",
  Available: "Disponible",
  "Browser phone": "Téléphone du navigateur",
  "My phones": "Mes téléphones",
  Connected: "Connecté",
  "Name, language, password and where you are signed in": "Nom, langue, mot de passe et où vous êtes connecté",
  "Make and take calls in this page. It rings beside your other phones.":
    "Appelez et répondez dans cette page. Il sonne avec vos autres téléphones.",
  "Turn my phone on": "Allumer mon téléphone",
} satisfies Catalogue;
