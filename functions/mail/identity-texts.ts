// What mails about signing in say, in each language.

import type { Language } from "../access/person.ts";
import type { Notice } from "../identity/security-notice.ts";

export type Text = { subject: string; lines: string[]; button: string };
type Texts = {
  invitation(about: { name: string; place: string; by: string; days: number }): Text;
  passwordReset(about: { name: string; minutes: number }): Text;
  proofOfAddress(about: { name: string; hours: number }): Text;
  signUp(about: { name: string; company: string; hours: number }): Text;
  alreadyThere(about: { name: string }): Text;
  approved(about: { name: string }): Text;
  securityNotice(about: { name: string; what: Notice; more: string }): Text;
};

const noticed: Record<Language, Record<Notice, (more: string) => [subject: string, sentence: string]>> = {
  en: {
    "totp-on": () => ["An authenticator app was set up", "an authenticator app is your second factor from now on."],
    "totp-off": () => ["Your authenticator app was turned off", "your authenticator app is no second factor any more."],
    "passkey-added": (more) => ["A passkey was added", `the passkey “${more}” signs in as you from now on.`],
    "passkey-removed": (more) => ["A passkey was removed", `the passkey “${more}” signs in as you no more.`],
    "recovery-codes": () => [
      "You have new recovery codes",
      "new recovery codes were made; those before are worth nothing.",
    ],
    "recovery-code-used": (more) => [
      "A recovery code was used",
      `somebody signed in as you with a recovery code. Left are ${more}; make new ones on the page “Security”.`,
    ],
  },
  fr: {
    "totp-on": () => [
      "Une application d’authentification a été ajoutée",
      "une application d’authentification est désormais votre second facteur.",
    ],
    "totp-off": () => [
      "Votre application d’authentification a été désactivée",
      "votre application d’authentification n’est plus un second facteur.",
    ],
    "passkey-added": (more) => [
      "Une clé d’accès a été ajoutée",
      `la clé d’accès « ${more} » permet désormais de se connecter à votre nom.`,
    ],
    "passkey-removed": (more) => [
      "Une clé d’accès a été supprimée",
      `la clé d’accès « ${more} » ne permet plus de se connecter à votre nom.`,
    ],
    "recovery-codes": () => [
      "Vous avez de nouveaux codes de secours",
      "de nouveaux codes de secours ont été créés ; les précédents ne valent plus rien.",
    ],
    "recovery-code-used": (more) => [
      "Un code de secours a été utilisé",
      `quelqu’un s’est connecté à votre nom avec un code de secours. Il en reste ${more} ; créez-en de nouveaux à la page « Sécurité ».`,
    ],
  },
};

const en: Texts = {
  invitation: ({ name, place, by, days }) => ({
    subject: `You are invited to ${place}`,
    button: "Accept the invitation",
    lines: [
      `Hello ${name}, ${by || "somebody"} invites you to the phone system of ${place}.`,
      `The link is good for ${days} days and for one use. If you know nothing of ${place}, leave this mail unanswered: nothing happens.`,
    ],
  }),
  passwordReset: ({ name, minutes }) => ({
    subject: "Choose a new password",
    button: "Choose a new password",
    lines: [
      `Hello ${name}, somebody asked for a new password for your address.`,
      `The link is good for ${minutes} minutes and for one use. If it was not you, leave this mail unanswered: your password stays as it is.`,
    ],
  }),
  proofOfAddress: ({ name, hours }) => ({
    subject: "Is this your address?",
    button: "Yes, it is mine",
    lines: [
      `Hello ${name}, with the link you show that you read mail at this address; from then on you sign in with it.`,
      `The link is good for ${hours} hours and for one use. If it was not you, leave this mail unanswered.`,
    ],
  }),
  signUp: ({ name, company, hours }) => ({
    subject: "Welcome: one click, and your phone system is there",
    button: "Yes, this is my address",
    lines: [
      `Hello ${name}, with the link you show that you read mail at this address, and the phone system of ${company} is made.`,
      `The link is good for ${hours} hours and for one use. If it was not you, leave this mail unanswered: nothing is made.`,
    ],
  }),
  alreadyThere: ({ name }) => ({
    subject: "You have an account already",
    button: "To the sign-in page",
    lines: [
      `Hello ${name}, somebody wanted to sign up with your address, which has an account already: sign in with it, or choose a new password there.`,
      "If it was not you, there is nothing to do.",
    ],
  }),
  approved: ({ name }) => ({
    subject: "Your phone system is there",
    button: "Sign in",
    lines: [`Hello ${name}, your sign-up was approved. Sign in with your address and the password that you chose.`],
  }),
  securityNotice: ({ name, what, more }) => {
    const [subject, sentence] = noticed.en[what](more);
    const other = "If it was not you, choose a new password at once, and look at the page “Security” of your account.";
    return { subject, button: "To the console", lines: [`Hello ${name}, ${sentence}`, other] };
  },
};

const fr: Texts = {
  invitation: ({ name, place, by, days }) => ({
    subject: `Vous êtes invité à rejoindre ${place}`,
    button: "Accepter l’invitation",
    lines: [
      `Bonjour ${name}, ${by || "quelqu’un"} vous invite à rejoindre le système téléphonique de ${place}.`,
      `Le lien est valable ${days} jours et une seule fois. Si ${place} ne vous dit rien, ignorez ce message : il ne se passera rien.`,
    ],
  }),
  passwordReset: ({ name, minutes }) => ({
    subject: "Choisissez un nouveau mot de passe",
    button: "Choisir un nouveau mot de passe",
    lines: [
      `Bonjour ${name}, quelqu’un a demandé un nouveau mot de passe pour votre adresse.`,
      `Le lien est valable ${minutes} minutes et une seule fois. Si ce n’était pas vous, ignorez ce message : votre mot de passe ne change pas.`,
    ],
  }),
  proofOfAddress: ({ name, hours }) => ({
    subject: "Est-ce votre adresse ?",
    button: "Oui, c’est la mienne",
    lines: [
      `Bonjour ${name}, ce lien montre que vous lisez le courrier de cette adresse ; vous vous connecterez ensuite avec elle.`,
      `Le lien est valable ${hours} heures et une seule fois. Si ce n’était pas vous, ignorez ce message.`,
    ],
  }),
  signUp: ({ name, company, hours }) => ({
    subject: "Bienvenue : un clic, et votre système téléphonique est là",
    button: "Oui, c’est mon adresse",
    lines: [
      `Bonjour ${name}, ce lien montre que vous lisez le courrier de cette adresse, et crée le système téléphonique de ${company}.`,
      `Le lien est valable ${hours} heures et une seule fois. Si ce n’était pas vous, ignorez ce message : rien ne sera créé.`,
    ],
  }),
  alreadyThere: ({ name }) => ({
    subject: "Vous avez déjà un compte",
    button: "Vers la page de connexion",
    lines: [
      `Bonjour ${name}, quelqu’un a voulu s’inscrire avec votre adresse, qui a déjà un compte : connectez-vous avec elle, ou choisissez-y un nouveau mot de passe.`,
      "Si ce n’était pas vous, il n’y a rien à faire.",
    ],
  }),
  approved: ({ name }) => ({
    subject: "Votre système téléphonique est là",
    button: "Se connecter",
    lines: [
      `Bonjour ${name}, votre inscription a été approuvée. Connectez-vous avec votre adresse et le mot de passe choisi.`,
    ],
  }),
  securityNotice: ({ name, what, more }) => {
    const [subject, sentence] = noticed.fr[what](more);
    const other =
      "Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe, et regardez la page « Sécurité » de votre compte.";
    return { subject, button: "Vers la console", lines: [`Bonjour ${name}, ${sentence}`, other] };
  },
};

export const texts: Record<Language, Texts> = { en, fr };
