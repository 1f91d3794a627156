import type { Catalogue } from "../t.ts";

export default {
  "Acting for a company": "Agir pour une entreprise",
  "You no longer act for {place}.": "Vous n'agissez plus pour {place}.",
  "{name}, you look at {place} as its {role}.": "{name}, vous regardez {place} en tant que : {role}.",
  "{n} minutes left.": "Encore {n} min.",
  "What you change names you.": "Ce que vous modifiez porte votre nom.",
  "Leave the company": "Quitter l'entreprise",
} satisfies Catalogue;
