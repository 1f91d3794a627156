import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { within } from "../../../edge-agent/drivers/kamailio/binrpc/codec.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { response, statusOf } from "../../support/sip.ts";
import { openSource, type Source } from "../../support/source.ts";
import { type Torture, torture } from "../../support/torture.ts";

/** Messages by UDP; by TCP a tenth of it. `npm run test:long` sends as many as an hour of 100 a second would. */
const rounds = Number(process.env.TORTURE_MESSAGES ?? 1500);

describe.runIf(kamailioInstalled())("a real Kamailio, given what is no SIP", { timeout: 60_000 + rounds * 10 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  let source: Source;
  let messages: Torture[];

  beforeAll(async () => {
    // nobody is banned: all of it is to be read
    kamailio = await startKamailio(pbx, { density: 10_000_000 });
    home = await openHome(kamailio, idOf("edg", 1), 1);
    home.answerWith((request) => response(request, "486 Busy Here"));
    acme.put("placement", "p", { home: home.id, standby: null });
    await kamailio.pool([home.host()]);
    source = await openSource(kamailio.phones, "127.0.0.1");
    expect(await source.register(acme.phone(1001))).toBe(200);
    messages = torture(source.port, "acme.test");
  }, 30_000);
  afterAll(async () => {
    source?.close();
    home?.close();
    await kamailio?.stop();
  });

  it("answers each of RFC 4475's messages as it should, or drops it", async () => {
    expect(messages).toHaveLength(49);
    const wrong: string[] = [];
    for (const { name, text, answers } of messages) {
      const status = await source.hears(text, answers.includes(0) ? 150 : 2000);
      if (!answers.some((one) => one === status || (one > 0 && one < 10 && one === Math.floor(status / 100))))
        wrong.push(`${name}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(await source.register(acme.phone(1001))).toBe(200);
  });

  it("crashes at nothing that is cut, mangled or mixed, by UDP, TCP, TLS or WSS, and keeps no memory for it", async () => {
    const before = processes(kamailio.pid());
    const seed = Number(process.env.TORTURE_SEED ?? Math.floor(Math.random() * 1_000_000_000));
    console.log(`torture: ${rounds} messages, TORTURE_SEED=${seed}`);
    const all = [...messages.map(({ text }) => text), ...(await wellFormed())].map((text) => Buffer.from(text, "utf8"));
    await send(all, seed, Math.ceil(rounds / 4));
    // what TLS takes for its first connections it keeps for others
    for (let n = 0; n < 10; n++) await overTls(all);
    const warm = await settled();
    await send(all, seed + 1_000_000, rounds);
    const after = await settled();
    console.log(
      `torture: shared memory ${warm.shared} → ${after.shared} bytes, the largest process's own ${warm.own} → ${after.own}`,
    );
    expect(processes(kamailio.pid())).toEqual(before);
    expect(kamailio.log()).not.toMatch(/signal 11|core was|killed by|BUG:|no more (pkg|shm)|could not allocate/);
    expect(after.shared - warm.shared).toBeLessThan(1024 * 1024);
    expect(after.own - warm.own).toBeLessThan(256 * 1024);
    expect(await source.register(acme.phone(1001))).toBe(200);
  });

  /** What phones say, with credentials that are right: mangled elsewhere it gets further. */
  async function wellFormed(): Promise<string[]> {
    const texts: string[] = [];
    for (const method of ["REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "REFER"]) {
      const nonce = await source.challenge(method, acme.phone(1001));
      texts.push(source.text(method, acme.phone(1001), nonce, ["Expires: 2", "Event: dialog", "Path: <sip:x;lr>"]));
    }
    return texts;
  }

  async function send(all: Buffer[], seed: number, count: number): Promise<void> {
    for (let n = 0; n < count; n += 50) {
      const mangled = fc.sample(mangling(all), { seed: seed + n, numRuns: 50 });
      const fresh = (await wellFormed()).map((text) => Buffer.from(text));
      const further = fc.sample(mangling(fresh), { seed: seed + n, numRuns: 5 });
      for (const text of [...further, ...mangled]) source.send(text);
      await read(connect({ host: "127.0.0.1", port: kamailio.phones }), mangled.slice(0, 5));
      // a handshake takes longer than all the rest
      if (n % 200 === 0) await overTls(mangled);
      // what was sent before is read by now
      expect(statusOf((await source.ask(source.text("REGISTER", acme.phone(1001)))) ?? { ...none })).toBe(401);
    }
  }

  async function overTls(texts: Buffer[]): Promise<void> {
    await read(secured(kamailio.config.tls?.port), texts.slice(0, 10));
    await read(await browser(kamailio.config.tls?.wssPort), texts.slice(10, 20).map(frame));
  }

  /** In use when transactions that were begun are over. */
  async function settled(): Promise<{ shared: number; own: number }> {
    await expect
      // pings of hosts, which are over after 5 s, go on
      .poll(async () => Number(within((await kamailio.rpc("tm.stats"))[0], "current")[0]), { timeout: 30_000 })
      .toBeLessThan(13);
    const connections = async () => Number(within((await kamailio.rpc("core.tcp_info"))[0], "opened_connections")[0]);
    await expect.poll(connections, { timeout: 30_000 }).toBe(0);
    const shared = Number(within((await kamailio.rpc("core.shmmem"))[0], "used")[0]);
    const own = (await kamailio.rpc("pkg.stats")).map((one) => Number(within(one, "used")[0] ?? 0));
    return { shared, own: Math.max(...own) };
  }
});

const none = { line: "", headers: new Map<string, string>(), body: "", text: "" };

/** One or two of the messages, cut, with parts left out, doubled, put elsewhere, or replaced by what hurts parsers. */
function mangling(all: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const nasty = [
    "\0",
    "\r\n",
    "\r\n\r\n",
    "\n",
    ";",
    ",",
    '"',
    "<",
    ">",
    "%",
    "%s%n%x",
    "\\",
    "=",
    "@",
    ":",
    "sip:",
    "\u00ff\u00fe",
    "-1",
  ]
    .concat([
      "4294967296",
      "99999999999999999999",
      "x".repeat(3000),
      ";a".repeat(500),
      "<".repeat(300),
      " ".repeat(2000),
      "[::",
    ])
    .map((text) => Buffer.from(text, "latin1"));
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, fc.nat(400)),
    with: fc.oneof(
      fc.constantFrom(...nasty),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    ),
    how: fc.constantFrom("replace", "insert", "delete", "double", "cut"),
  });
  const one = fc.constantFrom(...all);
  return fc
    .tuple(one, one, fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat(9))
    .map(([first, other, edits, mix]) => {
      const half = Math.floor(first.length / 2);
      let text =
        mix === 0 ? Buffer.concat([first.subarray(0, half), other.subarray(Math.floor(other.length / 2))]) : first;
      for (const { at, length, with: put, how } of edits) {
        const start = Math.floor(at * text.length);
        const [head, cut, tail] = [
          text.subarray(0, start),
          text.subarray(start, start + length),
          text.subarray(start + length),
        ];
        if (how === "replace") text = Buffer.concat([head, put, tail]);
        else if (how === "insert") text = Buffer.concat([head, put, cut, tail]);
        else if (how === "delete") text = Buffer.concat([head, tail]);
        else if (how === "double") text = Buffer.concat([head, cut, cut, tail]);
        else text = head;
      }
      return text.subarray(0, 60_000);
    });
}

const secured = (port: number | undefined): Socket =>
  connectTls({ host: "127.0.0.1", port: port ?? 0, rejectUnauthorized: false });

/** A connection on which WebSocket is agreed (RFC 6455, 4.1). */
async function browser(port: number | undefined): Promise<Socket> {
  const socket = secured(port);
  const lines = ["GET / HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade"];
  const key = ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"];
  socket.write([...lines, ...key, "Sec-WebSocket-Protocol: sip", "", ""].join("\r\n"));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

/** As a browser sends it (RFC 6455, 5.2), but for every eighth, whose kind and end are as it happens. */
function frame(text: Buffer, n: number): Buffer {
  const first = n % 8 === 7 ? (text[0] ?? 0) : 0x81;
  const length =
    text.length < 126 ? Buffer.from([0x80 | text.length]) : Buffer.from([0xfe, text.length >> 8, text.length & 255]);
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), text]);
}

/** All on one connection, as far as Kamailio reads them; then it is closed. */
function read(socket: Socket, texts: Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.resume();
    socket.end(Buffer.concat(texts));
  });
}

/** Ids of a process and of all that it started. */
function processes(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return [pid, ...children.flatMap(processes)].sort((a, b) => a - b);
}
