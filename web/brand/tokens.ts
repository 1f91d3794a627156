// A brand's colour as the console's tokens: buttons have it as it is, since white text can be read on it; links and what is chosen have it so dark or light that
// it can be read on all grounds of both schemes.
import { contrast } from "../../core/contrast.ts";

/** The grounds of style.css on which the accent stands. */
const grounds = { light: ["#ffffff", "#f5f6f8", "#eaeff8"], dark: ["#0f1216", "#171b21", "#1e242c"] };
const enough = 4.5;

const parts = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
const mixed = (color: string, to: number, share: number): string =>
  `#${parts(color)
    .map((part) =>
      Math.round(part + (to - part) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;

/** The nearest colour to it, towards black or white, that is read on each ground of the scheme. */
export function readable(color: string, scheme: keyof typeof grounds): string {
  const to = scheme === "light" ? 0 : 255;
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = mixed(color, to, share);
    if (grounds[scheme].every((ground) => contrast(candidate, ground) >= enough)) return candidate;
  }
  return scheme === "light" ? "#000000" : "#ffffff";
}

/** By the names of their custom properties. */
export const tokensOf = (color: string): Record<string, string> => ({
  "--color-fill": color,
  "--color-fill-hover": mixed(color, 0, 0.15),
  "--color-accent": `light-dark(${readable(color, "light")}, ${readable(color, "dark")})`,
});
