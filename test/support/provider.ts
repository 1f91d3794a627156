// A small OpenID provider on real HTTP: discovery, keys, authorization with PKCE, tokens. It says what a test wants it to say, rightly or wrong.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Says = {
  sub?: string;
  email?: string | null;
  email_verified?: unknown;
  name?: string;
  iss?: string;
  aud?: string;
  nonce?: string;
  /** Seconds from now until the ID token is over. */
  lasts?: number;
  /** Signed with a key that is not published. */
  forged?: boolean;
};

export async function startProvider(client = { id: "dialplane", secret: "the provider's secret" }) {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const begun = new Map<string, URLSearchParams>();
  const self = {
    issuer: "",
    client,
    says: {} as Says,
    /** What its discovery document says instead. */
    metadata: {} as Record<string, unknown>,
    /** What it was refused for at the token endpoint, the last first. */
    refused: [] as string[],
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

  function token(asked: URLSearchParams): string {
    const { lasts = 300, forged = false, ...says } = self.says;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: self.issuer, aud: client.id, sub: "subject", nonce: asked.get("nonce"), iat: now, exp: now + lasts },
      ...{ email_verified: true, ...says },
    };
    const head = `${encode({ alg: "RS256", kid: "1" })}.${encode(claims)}`;
    return `${head}.${sign("sha256", Buffer.from(head), (forged ? other : keys).privateKey).toString("base64url")}`;
  }
  /** A code for what a browser asks for at the authorization endpoint, as it goes back with it. */
  function authorize(url: string): URL {
    const asked = new URL(url).searchParams;
    const code = randomBytes(12).toString("base64url");
    begun.set(code, asked);
    const back = new URL(asked.get("redirect_uri") ?? "");
    for (const [name, value] of [
      ["code", code],
      ["state", asked.get("state") ?? ""],
      ["iss", self.issuer],
    ])
      back.searchParams.set(String(name), String(value));
    return back;
  }
  function tokens(sent: URLSearchParams): object {
    const code = sent.get("code") ?? "";
    const asked = begun.get(code);
    begun.delete(code);
    const challenge = createHash("sha256")
      .update(sent.get("code_verifier") ?? "")
      .digest("base64url");
    const why =
      (!asked && "code") ||
      (asked?.get("code_challenge") !== challenge && "code_verifier") ||
      (asked?.get("code_challenge_method") !== "S256" && "code_challenge_method") ||
      (sent.get("redirect_uri") !== asked?.get("redirect_uri") && "redirect_uri") ||
      ((sent.get("client_id") !== client.id || sent.get("client_secret") !== client.secret) && "client");
    if (why) self.refused.unshift(why);
    if (why || !asked) return { error: "invalid_grant" };
    return { access_token: "a", token_type: "Bearer", expires_in: 60, id_token: token(asked) };
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", self.issuer);
    const json = (body: object, status = 200): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (url.pathname === "/.well-known/openid-configuration")
      return json({
        ...{ issuer: self.issuer, jwks_uri: `${self.issuer}/keys`, response_types_supported: ["code"] },
        ...{ authorization_endpoint: `${self.issuer}/authorize`, token_endpoint: `${self.issuer}/token` },
        ...{ subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"] },
        ...{ authorization_response_iss_parameter_supported: true, ...self.metadata },
      });
    if (url.pathname === "/keys")
      return json({ keys: [{ ...keys.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] });
    if (url.pathname === "/authorize") {
      response.writeHead(302, { location: authorize(url.href).href }).end();
      return;
    }
    let sent = "";
    for await (const part of request) sent += part;
    const body = tokens(new URLSearchParams(sent));
    json(body, "error" in body ? 400 : 200);
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  self.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(self, {
    authorize,
    stop: () => new Promise((resolve) => server.close(resolve)),
  });
}
export type Provider = Awaited<ReturnType<typeof startProvider>>;
