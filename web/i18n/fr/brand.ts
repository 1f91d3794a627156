import type { Catalogue } from "../t.ts";

export default {
  "The sign-in page as it will look": "La page de connexion telle qu'elle sera",
  "The sign-in page": "La page de connexion",
  "Brand and sign-up": "Marque et inscription",
  "Your customers see your name, your logo and your colour: when they sign in, in the console, in mails.":
    "Vos clients voient votre nom, votre logo et votre couleur : à la connexion, dans la console, dans les courriels.",
  "Saved; your customers see it from now on.": "Enregistré ; vos clients le voient désormais.",
  "Your brand is removed; customers see that of the account above.":
    "Votre marque est retirée ; les clients voient celle du compte supérieur.",
  Brand: "Marque",
  "A name is needed.": "Il faut un nom.",
  "Answers to mails go to": "Les réponses aux courriels vont à",
  "Remove the brand": "Retirer la marque",
  Logo: "Logo",
  "The logo now": "Le logo actuel",
  "Without a logo": "Sans logo",
  "PNG, WebP or SVG, up to 45 KB; shown 32 pixels high.":
    "PNG, WebP ou SVG, 45 Ko au plus ; affiché sur 32 pixels de haut.",
  "Colour of buttons": "Couleur des boutons",
  "Choose a colour": "Choisissez une couleur",
  "White text on it: {ratio} to 1": "Texte blanc dessus : {ratio} contre 1",
  "Too light for white text: {ratio} to 1, 4.5 is needed":
    "Trop claire pour du texte blanc : {ratio} contre 1, il faut 4,5",
  "Domain of your console": "Domaine de votre console",
  "Point it to this address; a TXT record shows that it is yours.":
    "Faites-le pointer ici ; un enregistrement TXT montre qu'il est à vous.",
  Proven: "Prouvé",
  "Not proven yet. Set this TXT record, then save again.":
    "Pas encore prouvé. Créez cet enregistrement TXT, puis enregistrez de nouveau.",
  Record: "Enregistrement",
  Value: "Valeur",
  "Sign-up": "Inscription",
  "Companies may sign up by themselves": "Les entreprises peuvent s'inscrire elles-mêmes",
  "Templates to choose from": "Modèles au choix",
  "None yet: who signs up begins with an empty phone system.":
    "Aucun pour l'instant : qui s'inscrit commence avec une téléphonie vide.",
  Templates: "Modèles",
  Plan: "Formule",
  "The account's default": "Celui du compte",
  "Lend a number that begins with": "Prêter un numéro qui commence par",
  "As in +1555. Lent for 14 days out of the free numbers; empty: none is":
    "Comme +1555. Prêté 14 jours parmi les numéros libres ; vide : aucun",
  "It must be + and 1 to 14 digits.": "Il faut + et 1 à 14 chiffres.",
  "Made in the account": "Créées dans le compte",
  "This account itself": "Ce compte-ci",
  "Somebody of the account has to approve each": "Quelqu'un du compte doit approuver chacune",
  "It must be a PNG, WebP or SVG picture.": "Il faut une image PNG, WebP ou SVG.",
  "It is too large: 45 KB at the most.": "Elle est trop grande : 45 Ko au plus.",
} satisfies Catalogue;
