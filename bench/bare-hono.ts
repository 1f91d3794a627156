// A hono app on the server that the product uses, which reads the body and answers a constant of the size that was asked for.
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();
app.all("/", async (c) => {
  await c.req.text();
  return c.body("x".repeat(Number(c.req.query("size"))), 200, { "Content-Type": "application/json" });
});
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  process.send?.({ url: `http://127.0.0.1:${port}` }),
);
