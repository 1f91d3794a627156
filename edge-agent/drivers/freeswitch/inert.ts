// The one place through which text goes into XML for FreeSWITCH. A reply passes through FreeSWITCH's configuration preprocessor, and what lands in
// a channel is expanded again: here text loses what these would act on, and nothing that a person reads is lost without need.

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  $: "&#36;",
};

/**
 * An attribute's value, exactly: as an entity nothing is markup, `$${…}` is not expanded, and a line with `x-pre-process` is not dropped
 * (switch_xml.c, preprocess: it works on the raw line, entities are read later). Control characters, which XML 1.0 can't carry, become spaces.
 */
export function exact(text: string): string {
  if (!/[^ !#%(-;=?-~]/.test(text) && !(text.includes("-") && /x-pre-process/i.test(text))) return text;
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, " ")
    .replace(/[&<>"'$]/g, (character) => entities[character] ?? "")
    .replace(/(x)-(pre)-(process)/gi, "$1&#45;$2&#45;$3");
}

/**
 * Text for a channel: what is shown of a person or a caller. No `${…}` in any spelling (switch_channel.c expands through backslashes), no quote that
 * ends a SIP display name, no separator or bracket of variable lists (`{a=b,c=d}`, `[…]`, `^^:`), no `%0d%0a`, which mod_sofia decodes in a name (check_decode); look-alikes keep it
 * readable. One line.
 */
export function inert(text: string, max = 128): string {
  // most names have nothing to lose
  if (text.length <= max && /^[0-9A-Za-z.+()]+(?: [0-9A-Za-z.+()]+)*$/.test(text)) return text;
  return (
    [...text.toWellFormed()]
      .slice(0, max)
      .join("")
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/g, " ")
      .replace(/["\u201c\u201d]/g, "\u2019\u2019")
      .replace(/'/g, "\u2019")
      .replace(/\\/g, "/")
      .replace(/[{[]/g, "(")
      .replace(/[}\]]/g, ")")
      .replace(/,/g, "\u201a")
      .replace(/\^/g, "\u02c6")
      .replace(/\$(?=\()/g, "\uff04")
      .replace(/%(?=[0-9a-f]{2})/gi, "\uff05")
      .replace(/x-pre-process/gi, "x pre process")
      // a name that ends in a slash is left out of From altogether
      .replace(/[\s/]+$/, "")
      .trim()
  );
}

/**
 * Text for a variable within a dial string, where `|`, `:_:` and `=` mean something too (switch_ivr_originate.c): letters, digits and a few signs that are
 * common in names.
 */
export const listed = (text: string): string =>
  inert(text)
    .replace(/[^\p{L}\p{M}\p{N} .&+()\u2019-]+/gu, " ")
    .trim();

/** A number as a channel carries it: digits, letters and `+*#._-`; whatever else there is goes. */
export const number = (text: string): string => text.replace(/[^0-9A-Za-z+*#._-]/g, "").slice(0, 64);

/** An id, domain or user name that our schemas made (`~`: of a browser phone): used where a dial string or a command would act on anything else. */
export function token(text: string): string {
  if (text.length > 253 || !/^[0-9A-Za-z][0-9A-Za-z._:~-]*$/.test(text))
    throw new Error(`not a plain name: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}
