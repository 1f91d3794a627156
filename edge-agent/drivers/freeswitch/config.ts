// What the FreeSWITCH driver must know of its host; parsed once at the agent's start and handed in.

export type FreeswitchConfig = {
  /** The address that phones and carriers reach. */
  sipAddress: string;
  /** Profile `phones`: UDP and TCP. */
  sipPort: number;
  /** Profile `carriers`. */
  carriersPort: number;
  /** Profile `front`: what Kamailio hosts of the pool reach. */
  front: { address: string; port: number };
  /** Profile `phones` for browsers (WebSocket); null: none. */
  browsers: {
    /** TLS. */
    wssPort: number;
    /** On loopback and without TLS, for a browser on this very machine; null: none. */
    wsPort: number | null;
    /** Files in PEM; null: one is made that only tests trust. */
    certificate: { certificate: string; key: string } | null;
    /** Where the agent's own certificate is, once it has got one. */
    obtained: string | null;
    /** Where FreeSWITCH looks for it. */
    tlsDir: string;
  } | null;
  /** Where NAT stands before this host, the address that the outside sees; else null. */
  externalAddress: string | null;
  /** Registered phones are asked by OPTIONS whether they are there, each about this often; one that misses three is taken for gone. */
  pingSeconds: number;
  esl: { host: string; port: number; password: string };
  /** Where mod_json_cdr leaves its files. */
  cdrDir: string;
  /** Where voicemail keeps its messages. */
  voicemailDir: string;
  /** Where recordings of calls are written: `<tenant id>/<call's uuid>….wav`. */
  recordingsDir: string;
  /** Where the agent keeps prompts that it fetched: `<sha256>.wav`. */
  promptsDir: string;
  /** Where the agent keeps which lamps are lit. */
  lampsFile: string;
  /** FreeSWITCH's sounds of one language (holding `voicemail/8000/…` or `voicemail/…`); null plays tones. */
  soundsDir: string | null;
};
