// Nobody makes us speak to what only we can reach: by no spelling of an address, by no name, and not by a name that leads elsewhere the second time.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTargets, hostOf, isPublic, refusal } from "../../../functions/webhooks/address.ts";
import { createPost } from "../../../functions/webhooks/post.ts";

const inside = [
  ...[
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.9.9",
  ],
  ...[
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
  ],
  ...[
    "168.63.129.16",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
  ],
  ...[
    "64:ff9b:1::1",
    "100::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
  ],
  ...["2001::1", "3fff::1", "5f00::1", "fe80::1%lo", "localhost", "", "127.1"],
];
const outside = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4001::200e"];

describe("an address", () => {
  it.each(inside)("%s is none of the Internet's", (address) => expect(isPublic(address)).toBe(false));
  it.each(outside)("%s is one", (address) => expect(isPublic(address)).toBe(true));
});

const targets = createTargets(async () => []);
const why = (text: string, addresses?: string[]) => {
  const url = new URL(text);
  return refusal(targets, url, addresses ?? [hostOf(url)]);
};

describe("a URL", () => {
  it.each([
    ...["https://127.0.0.1/", "https://0x7f.1/", "https://2130706433/", "https://0177.0.0.1/", "https://127.1/"],
    ...[
      "https://[::1]/",
      "https://[::ffff:169.254.169.254]/",
      "https://[64:ff9b::a9fe:a9fe]/",
      "https://[fd00:ec2::254]/",
    ],
    ...["https://①②⑦.⓪.⓪.①/", "https://169.254.169.254./", "https://10.0.0.1:8443/"],
  ])("%s is refused, however it spells its address", (url) => expect(why(url)).toBeDefined());

  it.each([
    ["http://hooks.example/", "https://"],
    ["ftp://hooks.example/", "https://"],
    ["https://a:b@hooks.example/", "user name"],
    ["https://hooks.example:22/", "port"],
    ["https://localhost/", "Internet"],
    ["https://db.internal/", "Internet"],
    ["https://DB.Internal./", "Internet"],
    ["https://printer.local/", "Internet"],
    ["https://intranet/", "Internet"],
  ])("%s is refused: %s", (url, word) => expect(why(url, ["8.8.8.8"])).toContain(word));

  it("is refused if any of its addresses is", () => {
    expect(why("https://hooks.example/", ["8.8.8.8", "10.0.0.1"])).toContain("public");
    expect(why("https://hooks.example/", ["8.8.8.8", "::1"])).toContain("public");
    for (const url of ["https://hooks.example/a?b", "https://hooks.example:8443/", "https://8.8.8.8/"])
      expect(why(url, ["8.8.8.8"]), url).toBeUndefined();
  });

  it("may lead to one's own network where the installation says so, and to nothing else of it", () => {
    const own = createTargets(async () => [], ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
    const check = (text: string, addresses: string[]) => refusal(own, new URL(text), addresses);
    expect(check("http://127.0.0.1:9/", ["127.0.0.1"])).toBeUndefined();
    expect(check("http://erp.local:80/", ["10.9.9.9", "fd00::7"])).toBeUndefined();
    expect(check("http://127.0.0.2:9/", ["127.0.0.2"])).toBeDefined();
    expect(check("http://hooks.example/", ["8.8.8.8"])).toContain("https://");
    expect(check("http://erp.local/", ["10.9.9.9", "192.168.0.1"])).toBeDefined();
  });
});

describe("at delivery", () => {
  let port = 0;
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.end();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  it("a name that leads here the second time is refused before anything is sent", async () => {
    const answers = [["8.8.8.8"], ["127.0.0.1"]];
    const rebinding = createTargets(async () => answers.shift() ?? ["127.0.0.1"]);
    const url = `https://rebind.example:${port}/`;
    expect(refusal(rebinding, new URL(url), await rebinding.resolve("rebind.example"))).toBeUndefined();
    const result = await createPost(rebinding)(url, {}, "{}");
    expect(result).toEqual({ status: null, error: expect.stringContaining("public address") });
    expect([hits, answers]).toEqual([0, []]);
  });

  it("a name is resolved once, and the socket connects to what was looked at", async () => {
    let asked = 0;
    const own = createTargets(async () => [asked++ === 0 ? "127.0.0.1" : "127.0.0.9"], ["127.0.0.1"]);
    expect(await createPost(own)(`http://own.example:${port}/`, {}, "{}")).toEqual({ status: 200, error: null });
    expect([asked, hits]).toEqual([1, 1]);
  });

  it.each(["https://127.0.0.1", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://0x7f.1"])(
    "%s is refused too, which no resolver is asked about",
    async (origin) => {
      const { status, error } = await createPost(targets)(`${origin}:${port}/`, {}, "{}");
      expect([status, error]).toEqual([null, expect.stringContaining("public address")]);
      expect(hits).toBe(1);
    },
  );

  it("what no name server knows is said so", async () => {
    const unknown = createTargets(() => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" })));
    expect(await createPost(unknown)("https://no.example/", {}, "{}")).toEqual({
      status: null,
      error: "its host name is not known",
    });
  });
});

describe("an answer", () => {
  const own = createTargets(async () => [], ["127.0.0.1"]);
  const serve = async (
    respond: Parameters<typeof createServer>[1] & {},
    work: (url: string) => Promise<void>,
  ): Promise<void> => {
    const server = createServer(respond);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it("that leads elsewhere is not followed, and counts as a failure", async () => {
    const paths: (string | undefined)[] = [];
    await serve(
      (request, response) => {
        paths.push(request.url);
        response.writeHead(307, { location: "/elsewhere" }).end();
      },
      async (url) => {
        expect(await createPost(own)(url, {}, "{}")).toEqual({ status: 307, error: "it answered 307" });
      },
    );
    expect(paths).toEqual(["/"]);
  });

  it("that never ends is read no further than 64 KB", async () => {
    let sent = 0;
    await serve(
      (_, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384;
          sent += 16_384;
          response.once("drain", more);
        };
        more();
      },
      async (url) => {
        expect(await createPost(own)(url, {}, "{}")).toEqual({ status: 200, error: null });
      },
    );
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it("that does not come in time is none; one whose body does not end in time counts by its status", async () => {
    await serve(
      () => {},
      async (url) => {
        expect(await createPost(own, 100)(url, {}, "{}")).toEqual({
          status: null,
          error: "no answer within 0.1 seconds",
        });
      },
    );
    await serve(
      (_, response) => void response.writeHead(200).write("a"),
      async (url) => {
        expect((await createPost(own, 300)(url, {}, "{}")).status).toBe(200);
      },
    );
  });
});
