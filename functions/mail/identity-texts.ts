// What mails about signing in say, in each language.
import type { Language } from "../access/person.ts";

export type Text = { subject: string; lines: string[]; button: string };
type Texts = {
  invitation(about: { name: string; place: string; by: string; days: number }): Text;
  passwordReset(about: { name: string; minutes: number }): Text;
  proofOfAddress(about: { name: string; hours: number }): Text;
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
};

export const texts: Record<Language, Texts> = { en, fr };
