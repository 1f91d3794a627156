// The edge's own queue, long polled. Credentials are renewed at half of their life; a queue that moved is followed.
import { type Message as QueueMessage, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import { type Message, message } from "../core/wire.ts";
import { type QueueAccess, queueAccess } from "../core/wire-host.ts";
import { createBackoff, pause } from "./backoff.ts";
import type { Cloud } from "./cloud.ts";
import type { Log } from "./log.ts";

/** So long one question for messages may stay open: the longest that SQS allows. */
export const pollSeconds = 20;

export type QueueOptions = {
  cloud: Cloud;
  log: Log;
  receive: (message: Message) => void;
  /** What enrolment answered just now. */
  access?: QueueAccess | undefined;
};

/** Listens until stopped. Starts without the cloud too: it keeps asking where its queue is. */
export function listenToQueue({ cloud, log, receive, access }: QueueOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = access;
  let consumer: Consumer | undefined;
  let renewNow: (() => void) | undefined;

  function handle(batch: QueueMessage[]): Promise<QueueMessage[]> {
    for (const { Body, MessageId } of batch) {
      try {
        const said = read(Body ?? "");
        if (said) receive(said);
        else log.debug({ messageId: MessageId }, "a message of a type that this agent does not know is ignored");
      } catch (error) {
        // it will not get better by coming again, and the comparison finds whatever it should have said
        log.error(
          { messageId: MessageId, error: String(error).slice(0, 500) },
          "a message that can't be read or applied is dropped",
        );
      }
    }
    // taking the messages off the queue can wait until the lookups that came meanwhile were answered from the new state
    return new Promise((done) => setImmediate(() => setImmediate(() => done(batch))));
  }

  function listen(to: QueueAccess): Consumer {
    const failing = createBackoff(200, 10_000);
    let delay = 0;
    const sqs = new SQSClient({
      region: to.region,
      useQueueUrlAsEndpoint: false,
      maxAttempts: 1,
      ...(to.endpoint === null ? {} : { endpoint: to.endpoint }),
      // asked at every request, so that renewed ones are used without a new client
      credentials: () => Promise.resolve(credentialsOf(current ?? to)),
    });
    const made = Consumer.create({
      queueUrl: to.url,
      sqs,
      batchSize: 10,
      waitTimeSeconds: pollSeconds,
      strictReturn: true,
      handleMessageBatch: handle,
      preReceiveMessageCallback: () => (delay > 0 ? pause(delay, signal) : Promise.resolve()),
      postReceiveMessageCallback: () => {
        failing.reset();
        delay = 0;
        return Promise.resolve();
      },
    });
    made.on("error", (error) => {
      if (signal.aborted || made !== consumer) return;
      delay = failing.next();
      log.warn({ error: error.message.slice(0, 500) }, "the queue can't be read");
      // credentials may have been taken back, or the queue replaced
      if (delay > 1000) renewNow?.();
    });
    made.start();
    return made;
  }

  async function renew(): Promise<void> {
    const backoff = createBackoff(500, 60_000);
    for (; !signal.aborted; ) {
      try {
        current ??= await cloud.post("queue", {}, queueAccess);
        if (!consumer) consumer = listen(current);
        backoff.reset();
        await waitForHalf(current.expiresAt);
        if (signal.aborted) return;
        const next = await cloud.post("queue", {}, queueAccess);
        if (next.url !== current.url || next.endpoint !== current.endpoint || next.region !== current.region) {
          consumer.stop({ abort: true });
          consumer = undefined;
        }
        current = next;
      } catch (error) {
        log.warn({ error: String(error) }, "asking for the queue failed; the timed comparison goes on by itself");
        await pause(backoff.next(), signal);
      }
    }
  }

  /** Half of what is left, with jitter, but no sooner than a second; earlier when reading fails. */
  async function waitForHalf(expiresAt: string): Promise<void> {
    const left = Math.max(0, Date.parse(expiresAt) - Date.now());
    const early = new AbortController();
    renewNow = () => early.abort();
    const least = pause(1000, signal);
    await pause(Math.min(left * (0.4 + Math.random() * 0.2), 2 ** 31 - 1), AbortSignal.any([signal, early.signal]));
    await least;
  }

  const renewing = renew();
  return {
    async stop() {
      stopping.abort();
      consumer?.stop({ abort: true });
      await renewing;
    },
  };
}

const credentialsOf = ({ credentials: { accessKeyId, secretAccessKey, sessionToken } }: QueueAccess) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === null ? {} : { sessionToken }),
  // the SDK asks again once less than five minutes are left
  expiration: new Date(Date.now() + 299_000),
});

const types = new Set<unknown>(message.def.options.map(({ shape }) => shape.type.def.values[0]));

/** By Node's own base64, which for large messages is faster by an order than the web's. Undefined for a type that only newer agents know. */
export function read(body: string): Message | undefined {
  const value: unknown = JSON.parse(Buffer.from(body, "base64").toString("utf8"));
  const isStrange = typeof value === "object" && value !== null && "type" in value && !types.has(value.type);
  return isStrange && typeof value.type === "string" ? undefined : message.parse(value);
}
