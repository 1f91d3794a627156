// Which certificate a server of this host presents: what an engine was told is believed when it is seen.
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";

/** The fingerprint (SHA-256) of the certificate at that address; undefined where nobody answers by TLS. */
export function presented(address: string, port: number, timeoutMs = 3000): Promise<string | undefined> {
  return new Promise((resolve) => {
    // who it is does not matter here: that is what is asked
    const socket = connect({ host: address, port, rejectUnauthorized: false, timeout: timeoutMs });
    const done = (fingerprint?: string) => {
      socket.destroy();
      resolve(fingerprint);
    };
    socket.on("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      done(raw && new X509Certificate(raw).fingerprint256);
    });
    socket.on("timeout", () => done());
    socket.on("error", () => done());
    socket.on("close", () => resolve(undefined));
  });
}
