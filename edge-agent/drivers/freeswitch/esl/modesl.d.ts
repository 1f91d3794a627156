// The part of modesl that we use; the package has no types of its own.
declare module "modesl" {
  import type { EventEmitter } from "node:events";

  export class Event {
    type: string;
    subclass: string | undefined;
    body: unknown;
    /** Values are what was received: strings, and in JSON events also arrays or worse. */
    headers: { name: string; value: unknown }[];
  }

  /** Emits `esl::event::<…>` per message, synchronously while its socket emits `data`. */
  export class Parser {
    constructor(socket: EventEmitter);
    on(event: "esl::event", listener: (event: Event) => void): this;
    on(event: "error", listener: (error: unknown) => void): this;
  }

  const modesl: { Event: typeof Event; Parser: typeof Parser };
  export default modesl;
}
