// Sentences on a kind, as they agree with its word.
import type { Catalogue } from "../t.ts";

type Word = { one: string; many: string; feminine?: true };

/** By the English word as it stands within a sentence. */
const words: Record<string, [many: string, word: Word]> = {
  extension: ["extensions", { one: "poste", many: "postes" }],
  "ring group": ["ring groups", { one: "groupe d'appel", many: "groupes d'appel" }],
  queue: ["queues", { one: "file d'attente", many: "files d'attente", feminine: true }],
  menu: ["menus", { one: "menu vocal", many: "menus vocaux" }],
  schedule: ["schedules", { one: "calendrier", many: "calendriers" }],
  announcement: ["announcements", { one: "annonce", many: "annonces", feminine: true }],
  "voicemail box": ["voicemail boxes", { one: "boîte vocale", many: "boîtes vocales", feminine: true }],
  conference: ["conferences", { one: "conférence", many: "conférences", feminine: true }],
  "paging group": ["paging groups", { one: "groupe d'annonce générale", many: "groupes d'annonce générale" }],
  "parking lot": ["parking lots", { one: "parc d'appels", many: "parcs d'appels" }],
  directory: ["directories", { one: "annuaire vocal", many: "annuaires vocaux" }],
  "phone number": ["phone numbers", { one: "numéro de téléphone", many: "numéros de téléphone" }],
  trunk: ["trunks", { one: "ligne opérateur", many: "lignes opérateur", feminine: true }],
  "outbound route": ["outbound routes", { one: "route sortante", many: "routes sortantes", feminine: true }],
  "rate table": ["rate tables", { one: "grille tarifaire", many: "grilles tarifaires", feminine: true }],
  "block rule": ["block rules", { one: "règle de blocage", many: "règles de blocage", feminine: true }],
  contact: ["contacts", { one: "contact", many: "contacts" }],
  "speed dial": ["speed dials", { one: "numéro abrégé", many: "numéros abrégés" }],
  "feature code": ["feature codes", { one: "code de service", many: "codes de service" }],
  prompt: ["prompts", { one: "message vocal", many: "messages vocaux" }],
  "music on hold": ["music on hold", { one: "musique d'attente", many: "musiques d'attente", feminine: true }],
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const entries = Object.entries(words).flatMap(([english, [many, word]]): [string, string][] => {
  const { one, feminine } = word;
  const vowel = /^[aeiouhéâ]/i.test(one);
  const the = vowel ? `l'${one}` : `${feminine ? "la" : "le"} ${one}`;
  const a = `${feminine ? "une" : "un"} ${one}`;
  const article = `${/^[aeiou]/.test(english) ? "an" : "a"} ${english}`;
  const none = feminine ? "Aucune" : "Aucun";
  return [
    [capital(english), capital(one)],
    [capital(many), capital(word.many)],
    [many, word.many],
    [`New ${english}`, `${feminine ? "Nouvelle" : vowel ? "Nouvel" : "Nouveau"} ${one}`],
    [`Create ${english}`, `Créer ${the}`],
    [`Choose ${article}`, `Choisir ${a}`],
    [`No ${many} yet`, `${none} ${one} pour l'instant`],
    [`Delete ${english} {key}?`, `Supprimer ${the} {key} ?`],
    [
      `Create ${article} with the button above; edges have it a moment later.`,
      `Créez ${a} avec le bouton ci-dessus ; les hôtes l'ont l'instant d'après.`,
    ],
  ];
});

export default Object.fromEntries(entries) satisfies Catalogue;
