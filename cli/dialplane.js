#!/usr/bin/env node
// The program: what a process has around a command line. What it imports is compiled once and kept, so that commands start at once.
// JavaScript, since Node would load a compiler for the one file that comes before the cache.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { main } = await import("./main.ts");

async function stdin() {
  if (process.stdin.isTTY) process.stderr.write("Reading from the terminal; end with ^D.\n");
  let all = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) all += chunk;
  return all;
}

// whoever reads may stop reading: `dialplane list … | head`
process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
const ended = new AbortController();
process.once("SIGINT", () => ended.abort());
const { env, stdout, stderr } = process;
process.exitCode = await main(process.argv.slice(2), { env, stdout, stderr, stdin, signal: ended.signal });
