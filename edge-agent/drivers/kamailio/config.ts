// What the Kamailio driver and its installation must know of this host.

export type KamailioConfig = {
  /** Everything of Kamailio's on this host: configuration, tables, registrations, control socket. */
  dir: string;
  /** What phones and carriers reach, an address of this host. */
  sipAddress: string;
  sipPort: number;
  carriersPort: number;
  /** What NAT makes of `sipAddress`. */
  externalAddress: string | null;
  /** Where FreeSWITCH hosts are talked to from, and send calls for phones to (UDP). */
  front: { address: string; port: number };
  /** Null: no TLS, no browsers. Without files a certificate is made, which only tests trust. */
  tls: {
    port: number;
    wssPort: number;
    certificate: string | null;
    key: string | null;
    /** Where the agent's own certificate is, once it has got one. */
    obtained: string | null;
  } | null;
  /** Where rtpengine takes commands (ng, UDP), and whose media it relays: of browsers, of phones behind NAT too, or of everybody; null: of nobody. */
  relay: { address: string; port: number; of: "browsers" | "nat" | "all" } | null;
  /** On loopback. */
  eventsPort: number;
  /** How often a phone behind NAT is asked whether it is there. */
  pingSeconds: number;
  /** So long a source that did harm is not answered. */
  banSeconds: number;
  /** Processes that handle SIP, of each transport. */
  workers: number;
  sharedMegabytes: number;
};
