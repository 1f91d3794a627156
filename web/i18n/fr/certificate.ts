import type { Catalogue } from "../t.ts";

export default {
  "Encrypted calls under {domain}": "Appels chiffrés sous {domain}",
  "Phones that register by TLS at this domain check that their server's certificate is of it.":
    "Les téléphones qui s'enregistrent en TLS sous ce domaine vérifient que le certificat de leur serveur le porte.",
  "Publish this record in the domain's DNS, and leave it there:":
    "Publiez cet enregistrement dans le DNS du domaine, et laissez-l'y :",
  "The record": "L'enregistrement",
  "Its hosts get a certificate with it now, or six hours after their last one.":
    "Ses hôtes obtiennent un certificat qui le porte maintenant, ou six heures après leur dernier.",
  "Ask for the certificate": "Demander le certificat",
  "Leave the domain out": "Retirer le domaine",
  shown: "présenté",
  "asked for": "demandé",
  "record found": "enregistrement trouvé",
  "record missing": "enregistrement manquant",
} satisfies Catalogue;
