// What a browser must know of the console's pages, wherever they are served from: by the control plane itself, or by CloudFront.

export type Elsewhere = {
  /** Where browser phones connect to: `wss://edge.example:7443`, `wss://*.sip.example:*`. */
  webSockets: readonly string[];
  /** Where audio is played from, beside the console's own address. */
  media?: readonly string[];
};

/**
 * The Content-Security-Policy: scripts, styles and requests from the console's own address alone, nothing inline. What a hostile name might smuggle into a
 * page can't run, nor send the key away. But for browser phones, which speak to the edges' hosts, and for audio.
 */
export const contentSecurityPolicy = ({ webSockets, media = [] }: Elsewhere): string =>
  [
    "default-src 'self'",
    `connect-src ${["'self'", ...webSockets].join(" ")}`,
    "script-src 'self'",
    "img-src 'self' data:",
    `media-src ${["'self'", ...media].join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Beside it. The browser phone needs the microphone; nothing needs more. */
export const pageHeaders = {
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
  "X-Content-Type-Options": "nosniff",
} as const;
