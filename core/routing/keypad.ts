// Names as they are spelt on a telephone's keys (ITU-T E.161): 2 for a, b and c.

const keys = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];
const keyOf = new Map(
  keys.flatMap((letters, index) => [...letters].map((letter): [string, string] => [letter, String(index + 2)])),
);
/** Letters that Unicode does not take apart into a Latin letter and its accent. */
const apart: Record<string, string> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** The keys for a word: its accents are left away, and so is what is on no key. */
export function spelling(word: string): string {
  const plain = word
    .toLowerCase()
    .normalize("NFD")
    .replace(/[ßæœøłđðþı]/g, (letter) => apart[letter] ?? "");
  return [...plain].map((letter) => (/\d/.test(letter) ? letter : (keyOf.get(letter) ?? ""))).join("");
}

/** Whether the first name, or any of the others, begins as `spelt`. A name of one word is both. */
export function isSpelt(name: string, by: "first-name" | "last-name" | "either", spelt: string): boolean {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.slice(1) : words;
  const looked = by === "first-name" ? words.slice(0, 1) : by === "last-name" ? last : words;
  return looked.some((word) => spelling(word).startsWith(spelt));
}
