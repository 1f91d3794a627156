import type { Catalogue } from "../t.ts";

export default {
  Tenants: "Clients",
  Tenant: "Client",
  "New tenant": "Nouveau client",
  "No tenants yet": "Aucun client pour l'instant",
  "A tenant is a company with its phone system. Create one, then its first extension: a phone can log in a moment later.":
    "Un client est une entreprise avec son système téléphonique. Créez-en un, puis son premier poste : un téléphone peut se connecter l'instant d'après.",
  Sections: "Rubriques",
  "The SIP domain; leave it out and one is made from the name": "Le domaine SIP ; laissé vide, il est tiré du nom",
  "Create tenant": "Créer le client",
  Settings: "Réglages",
  People: "Personnes",
  "Call flow": "Parcours d'appel",
  Outside: "Extérieur",
  Sounds: "Sons",
  "What happens": "Activité",
  "Delete tenant": "Supprimer le client",
  "Delete {name}?": "Supprimer {name} ?",
  "Calls stop at once and its API keys end. It can be restored by API for a while, by default 30 days; then everything it has is gone for good.":
    "Les appels cessent aussitôt et ses clés API prennent fin. L'API permet de le restaurer un temps, 30 jours par défaut ; ensuite tout disparaît définitivement.",
  "Type {name} to go on": "Saisissez {name} pour continuer",
} satisfies Catalogue;
