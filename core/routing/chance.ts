// What is left to chance: the same throughout a call, and whoever asks.

/** The list in an order that `chance` (in [0, 1)) draws: each next one by a generator (mulberry32) that begins with it. */
export function shuffled<T>(list: readonly T[], chance: number): T[] {
  const left = [...list];
  const drawn: T[] = [];
  let state = Math.floor(chance * 2 ** 32);
  while (left.length > 0) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    drawn.push(...left.splice(((mixed ^ (mixed >>> 14)) >>> 0) % left.length, 1));
  }
  return drawn;
}

/** A call's chance, of its first leg's uuid; 0 for what is none. */
export function chanceOf(uuid: string): number {
  const chance = Number.parseInt(uuid.replaceAll("-", "").slice(-8), 16) / 2 ** 32;
  return Number.isFinite(chance) ? chance : 0;
}
