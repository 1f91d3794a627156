// What the agent must know to get this host's certificate; parsed once at its start.

export type CertificateConfig = {
  /** The agent's own folder. */
  dataDir: string;
  /** The CA's; null: the one that the control plane names. */
  directory: string | null;
  /** Who is written to when a certificate is about to end unrenewed. */
  email: string | null;
  /** PEM of who vouches for the CA's own server, where that is a private one. */
  caFile: string | null;
  binding: { kid: string; hmacKey: string } | null;
  /** Where the host is reached from outside. */
  addresses: string[];
  /** Where browsers reach it by TLS; null: nowhere, or by a URL that somebody set. */
  wssPort: number | null;
};
