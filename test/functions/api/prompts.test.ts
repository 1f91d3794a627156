// A prompt's audio by the API: what is stored is what was checked, one write makes it the prompt's, and nobody hears another's.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { expectProblemOf } from "../../support/problem.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { silentMp3, sine, wavOf } from "../../support/wav.ts";

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string };
const hello = wavOf(0.5, sine(440));
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  tenant = await newTenant(control);
});
afterAll(() => control.stop());

async function newPrompt(name: string, path = tenant.path): Promise<string> {
  const { body, text } = await control.call("POST", `${path}/prompts`, { name });
  expect(body.id, text).toMatch(/^pmt_/);
  return `${path}/prompts/${body.id}`;
}
async function upload(path: string, bytes: Buffer, contentType = "audio/wav") {
  const answer = await fetch(`${control.url}${path}/audio`, {
    method: "PUT",
    headers: { authorization: `Bearer ${control.key}`, "content-type": contentType },
    body: new Uint8Array(bytes),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
}
const revision = async (): Promise<number> => Number((await control.call("GET", tenant.path)).body.revision);
async function heard(path: string): Promise<Buffer> {
  const { body } = await control.call("GET", `${path}/audio`);
  return Buffer.from(await (await fetch(String(body.url))).arrayBuffer());
}

test("an upload is one revision that history shows, and what is heard is what was sent", async () => {
  const path = await newPrompt("hello");
  const before = await revision();
  const reply = await upload(path, hello);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.body.audio).toEqual({ sha256: sha256(hello), bytes: hello.length, contentType: "audio/wav" });
  expect(reply.headers.get("etag")).toBe('"2"');
  expect(await revision()).toBe(before + 1);
  const { body } = await control.call("GET", `${tenant.path}/changes`);
  const [change] = body.data as unknown as { summary: string; diff: { fields: string[] }[] }[];
  expect(change?.summary).toBe("upload audio of prompt hello");
  expect(JSON.stringify(change?.diff)).toContain("audio");
  expect(await heard(path)).toEqual(hello);
  // the same again changes nothing
  expect((await upload(path, hello)).status).toBe(200);
  expect(await revision()).toBe(before + 1);
});

test("an MP3 is taken as one", async () => {
  const path = await newPrompt("mp3");
  const mp3 = silentMp3(1);
  expect((await upload(path, mp3, "audio/mpeg")).body.audio).toMatchObject({ contentType: "audio/mpeg" });
  expect(await heard(path)).toEqual(mp3);
});

const riff = (change: (wav: Buffer) => void): Buffer => {
  const wav = Buffer.from(hello);
  change(wav);
  return wav;
};
const hostile: Record<string, [Buffer, string, number]> = {
  nothing: [Buffer.alloc(0), "audio/wav", 422],
  "a program": [Buffer.from("#!/bin/sh\nrm -rf /\n"), "audio/wav", 422],
  "a page": [Buffer.from("<html><script>alert(1)</script>"), "audio/mpeg", 422],
  "a header alone": [hello.subarray(0, 12), "audio/wav", 422],
  "a format that is cut off": [hello.subarray(0, 30), "audio/wav", 422],
  "no samples": [hello.subarray(0, 44), "audio/wav", 422],
  "a chunk that claims 4 GB before the format": [riff((wav) => wav.writeUInt32LE(0xffffffff, 16)), "audio/wav", 422],
  "a coding that nobody plays": [riff((wav) => wav.writeUInt16LE(0x55, 20)), "audio/wav", 422],
  "no channel": [riff((wav) => wav.writeUInt16LE(0, 22)), "audio/wav", 422],
  "a rate of 0": [riff((wav) => wav.writeUInt32LE(0, 24)), "audio/wav", 422],
  "samples of 0 bits": [riff((wav) => wav.writeUInt16LE(0, 34)), "audio/wav", 422],
  "WAV that says it is MP3": [hello, "audio/mpeg", 422],
  "MP3 that says it is WAV": [silentMp3(1), "audio/wav", 422],
  "one MP3 header and then something else": [
    Buffer.concat([silentMp3(0.03), Buffer.alloc(500, 65)]),
    "audio/mpeg",
    422,
  ],
  "an ID3 tag that claims more than there is": [
    Buffer.from("ID3\x04\x00\x00\x7f\x7f\x7f\x7f1234567890", "latin1"),
    "audio/mpeg",
    422,
  ],
  "another type": [hello, "application/octet-stream", 415],
  JSON: [Buffer.from("{}"), "application/json", 415],
  "4 MiB and a byte": [Buffer.concat([hello, Buffer.alloc(4 * 1024 * 1024 + 1 - hello.length)]), "audio/wav", 413],
};

test.for(Object.entries(hostile))("%s is refused and changes nothing", async ([name, [bytes, type, status]]) => {
  const path = await newPrompt(`hostile ${name.slice(0, 40)}`);
  const before = await revision();
  const answer = await fetch(`${control.url}${path}/audio`, {
    method: "PUT",
    headers: { authorization: `Bearer ${control.key}`, "content-type": type },
    body: new Uint8Array(bytes),
  });
  const text = await answer.text();
  expectProblemOf(control, { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) }, [status]);
  expect(await revision()).toBe(before);
  expect((await control.call("GET", `${path}/audio`)).status).toBe(404);
});

test("a large file goes by a URL that takes these bytes alone, then the prompt is told", async () => {
  const path = await newPrompt("large");
  const audio = { sha256: sha256(hello), bytes: hello.length, contentType: "audio/wav" };
  const other = Buffer.from(hello).fill(1, 100);
  const early = { ...audio, sha256: sha256(other) };
  expect((await control.call("PATCH", path, { audio: early })).body.errors).toEqual([
    { pointer: "/audio", detail: "no such audio was uploaded; upload it first" },
  ]);
  const { body, status } = await control.call("POST", `${path}/audio`, audio);
  expect(status).toBe(201);
  const headers = body.headers as unknown as Record<string, string>;
  const put = async (bytes: Buffer, url = String(body.url)) =>
    (await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) })).status;
  expect(await put(other)).toBe(422);
  expect(await put(Buffer.concat([hello, hello]))).toBe(413);
  expect(await put(hello, String(body.url).replace(/until=\d+/, "until=99999999999999"))).toBe(401);
  expect(await put(hello, String(body.url).replace(audio.sha256, early.sha256))).toBe(401);
  expect(await put(hello)).toBe(200);
  expect((await control.call("PATCH", path, { audio: { ...audio, contentType: "audio/mpeg" } })).status).toBe(422);
  expect((await control.call("PATCH", path, { audio: { ...audio, bytes: 5 } })).status).toBe(422);
  expect((await control.call("PATCH", path, { audio })).status).toBe(200);
  expect(await heard(path)).toEqual(hello);
});

test("what was uploaded by URL is looked at too: a page is no prompt", async () => {
  const path = await newPrompt("page");
  const page = Buffer.from("<html><script>alert(1)</script></html>");
  const audio = { sha256: sha256(page), bytes: page.length, contentType: "audio/wav" };
  const { body } = await control.call("POST", `${path}/audio`, audio);
  await fetch(String(body.url), { method: "PUT", headers: body.headers as never, body: new Uint8Array(page) });
  expect((await control.call("PATCH", path, { audio })).body.errors).toMatchObject([{ pointer: "/audio" }]);
});

test("an edge gets the audio of documents of its pool, and of no other; nobody names another's audio as his own", async () => {
  const path = await newPrompt("for the edge");
  await upload(path, hello);
  const owner = `T#${tenant.id}`;
  const wanted = { owner, sha256: sha256(hello) };
  const { body } = await edge.request("POST", "audio", wanted);
  expect(Buffer.from(await (await fetch(String(body.url))).arrayBuffer())).toEqual(hello);
  expect((await edge.request("POST", "audio", { owner, sha256: "0".repeat(64) })).status).toBe(404);
  const pool = await control.call("POST", "/v1/pools", { name: "elsewhere" });
  const stranger = await enrolEdge(control, String(pool.body.id));
  expect((await stranger.request("POST", "audio", wanted)).status).toBe(404);
  const other = await newTenant(control, { name: "Globex" });
  const theirs = await newPrompt("stolen", other.path);
  const audio = { sha256: sha256(hello), bytes: hello.length, contentType: "audio/wav" };
  expect((await control.call("PATCH", theirs, { audio })).status).toBe(422);
});

test("a URL to listen is for one object and one verb, and a bent one opens nothing", async () => {
  const path = await newPrompt("url");
  await upload(path, hello);
  const url = String((await control.call("GET", `${path}/audio`)).body.url);
  expect((await fetch(url)).status).toBe(200);
  for (const bent of [
    url.replace(tenant.id, `${tenant.id.slice(0, -1)}X`),
    url.replace(/signature=[^&]*/, "signature="),
    url.replace(/\?.*/, ""),
  ])
    expect((await fetch(bent)).status, bent).toBe(401);
  expect((await fetch(url, { method: "PUT", body: "x" })).status).toBe(401);
});
