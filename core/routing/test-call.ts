// Codes to try a phone with: how one sounds, and which extension it is.
import type { Feature } from "./code-answer.ts";

export const echoTest: Feature = (way, _argument, _caller, at) => {
  way.step(at, "the caller hears himself", "echo");
  return { do: "test", what: "echo" };
};

export const sayExtension: Feature = (way, _, { body }, at) => {
  way.step(at, `the caller hears ${body.number}`, "say");
  return { do: "test", what: "say", digits: body.number };
};
