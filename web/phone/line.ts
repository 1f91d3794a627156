// The phone's line: SIP over WebSocket and media by WebRTC. The one file that knows SIP.js; loaded when the phone is turned on.
import {
  type Invitation,
  Inviter,
  Registerer,
  RegistererState,
  type Session,
  SessionState,
  type URI,
  UserAgent,
  type UserAgentOptions,
  Web,
} from "sip.js";
import type { Lent } from "../../functions/edges/browser-phones.ts";
import { bestFirst } from "./candidates.ts";
import { devices, microphone, onChosen, sendTo } from "./devices.ts";

export type Credential = Omit<Lent, "iceServers"> & { iceServers: RTCIceServer[] };

export type Call = {
  id: string;
  direction: "in" | "out";
  number: string;
  name: string | null;
  /** `calling`: nobody rings yet. */
  state: "calling" | "ringing" | "talking";
  /** Since when they talk; milliseconds since 1970. */
  since: number | null;
  held: boolean;
  muted: boolean;
  /** The call that it is to be connected with. */
  asking: string | null;
};

/** Why a call came to nothing, by SIP's status; null: it simply ended. */
export type Ended = { call: Call; status: number | null };

export type Listening = {
  onCalls(calls: Call[]): void;
  onRinging(call: Call): void;
  onEnded(ended: Ended): void;
  /** `ready`: registered. `away`: it tries again by itself. `refused`: the credential is not taken. */
  onStanding(standing: "ready" | "away" | "refused"): void;
};

export type Line = {
  dial(number: string, asking?: string): Promise<void>;
  answer(id: string): Promise<void>;
  hangUp(id: string): Promise<void>;
  hold(id: string, held: boolean): Promise<void>;
  mute(id: string, muted: boolean): void;
  press(id: string, key: string): void;
  /** The other goes to `number`, and this call ends. */
  transfer(id: string, number: string): Promise<void>;
  /** Connects the two others with each other, and leaves. */
  connect(id: string, other: string): Promise<void>;
  /** From now on this credential. */
  renew(credential: Credential): void;
  stop(): Promise<void>;
};

type Live = Call & { session: Session; audio: HTMLAudioElement; status: number | null };

const retryMs = [500, 1000, 2000, 5000, 10_000];

/** Resolves when the line tries; `listening` hears what comes of it. */
export async function openLine(first: Credential, listening: Listening): Promise<Line> {
  let credential = first;
  let server = 0;
  let stopped = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const live = new Map<string, Live>();
  const options: UserAgentOptions = {
    ...identity(first),
    transportOptions: { server: first.servers[0] ?? "", connectionTimeout: 5, keepAliveInterval: 25 },
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: 500,
      peerConnectionConfiguration: {
        iceServers: first.iceServers,
        rtcpMuxPolicy: "require",
      },
    },
    // FreeSWITCH calls a browser back by what its Contact says of the transport
    contactParams: { transport: first.servers[0]?.startsWith("wss:") ? "wss" : "ws" },
    userAgentString: "Dialplane browser phone",
    logBuiltinEnabled: false,
    gracefulShutdown: false,
    // how many messages wait is told without having been asked for (RFC 3842), and shown elsewhere
    allowLegacyNotifications: true,
    delegate: {
      ...{ onInvite: ring, onConnect: register, onDisconnect: lost },
      onNotify: (notification) => void notification.accept(),
    },
  };
  const agent = new UserAgent(options);
  const registerer = new Registerer(agent, { expires: 600, refreshFrequency: 80 });
  registerer.stateChange.addListener((state) => {
    if (state !== RegistererState.Registered) return;
    failures = 0;
    listening.onStanding("ready");
  });
  const unlisten = onChosen(() => void moveAudio());
  addEventListener("online", again);
  void connect();

  async function connect(): Promise<void> {
    try {
      await agent.start();
    } catch {
      lost();
    }
  }

  function register(): void {
    void registerer
      .register({
        requestDelegate: {
          onReject: ({ message }) => {
            const refused = message.statusCode === 403 || message.statusCode === 401 || message.statusCode === 407;
            listening.onStanding(refused ? "refused" : "away");
            if (!refused) later(register);
          },
        },
      })
      .catch(() => later(register));
  }

  /** The connection is gone, or never came about: the next host, after a while. Calls go on meanwhile. */
  function lost(): void {
    if (stopped) return;
    listening.onStanding("away");
    later(again);
  }

  function later(work: () => void): void {
    clearTimeout(retry);
    const wait = retryMs[Math.min(failures, retryMs.length - 1)] ?? 1000;
    failures += 1;
    retry = setTimeout(work, wait);
  }

  function again(): void {
    if (stopped || agent.isConnected()) return;
    clearTimeout(retry);
    server = (server + 1) % Math.max(1, credential.servers.length);
    // SIP.js has no other way to let one agent try another host
    const { configuration } = agent.transport as unknown as { configuration: { server: string } };
    configuration.server = credential.servers[server] ?? configuration.server;
    agent.reconnect().catch(lost);
  }

  function tell(): void {
    listening.onCalls([...live.values()].map(shown));
  }

  function follow(session: Session, start: Omit<Call, "id" | "since" | "held" | "muted">): Live {
    const call: Live = {
      ...{ ...start, id: session.id, since: null, held: false, muted: false, session, status: null },
      audio: new Audio(),
    };
    call.audio.autoplay = true;
    live.set(call.id, call);
    session.delegate = {
      // who it is may change: somebody transferred the call
      onInvite: () => tell(),
      onSessionDescriptionHandler: (handler) => listen(call, handler as Web.SessionDescriptionHandler),
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) {
        call.state = "talking";
        call.since = Date.now();
        hear(call);
      }
      if (state === SessionState.Terminated && live.delete(call.id)) {
        call.audio.srcObject = null;
        // SIP.js tells of the state before it tells of the answer
        queueMicrotask(() =>
          listening.onEnded({ call: shown(call), status: call.since === null ? call.status : null }),
        );
        // what was held for a question goes on if that came to nothing
        const asked = live.get(call.asking ?? "");
        if (asked?.held) void setHold(asked, false).catch(() => undefined);
      }
      tell();
    });
    tell();
    return call;
  }

  function listen(call: Live, handler: Web.SessionDescriptionHandler): void {
    handler.peerConnectionDelegate = { ontrack: () => hear(call) };
  }

  function hear(call: Live): void {
    const handler = call.session.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined;
    if (!handler) return;
    call.audio.srcObject = handler.remoteMediaStream;
    void sendTo(call.audio as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }, devices().speaker);
    call.audio.play().catch(() => undefined);
  }

  function ring(invitation: Invitation): void {
    const { displayName, uri } = invitation.remoteIdentity;
    const call = follow(invitation, {
      ...{ direction: "in", number: uri.user ?? "", state: "ringing", asking: null },
      name: displayName && displayName !== uri.user ? displayName : null,
    });
    listening.onRinging(shown(call));
  }

  async function dial(number: string, asking: string | null = null): Promise<void> {
    const target = uriOf(number);
    await holdOthers(undefined);
    const inviter = new Inviter(agent, target, {
      earlyMedia: true,
      sessionDescriptionHandlerOptions: { constraints: microphone() },
      sessionDescriptionHandlerModifiers: [bestFirst],
    });
    const call = follow(inviter, { direction: "out", number, name: null, state: "calling", asking });
    await inviter.invite({
      requestDelegate: {
        onProgress: ({ message }) => {
          if (message.statusCode === 180 || message.statusCode === 183) call.state = "ringing";
          tell();
        },
        onReject: ({ message }) => {
          call.status = message.statusCode ?? null;
        },
      },
    });
  }

  /** One talks at a time. */
  async function holdOthers(but: string | undefined): Promise<void> {
    const others = [...live.values()].filter(({ id, state, held }) => id !== but && state === "talking" && !held);
    await Promise.all(others.map((other) => setHold(other, true)));
  }

  function setHold(call: Live, held: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      call.session.sessionDescriptionHandlerOptionsReInvite = { hold: held } as object;
      call.session
        .invite({
          requestDelegate: {
            onAccept: () => {
              call.held = held;
              tone(call);
              tell();
              resolve();
            },
            onReject: () => reject(new Error("refused")),
          },
        })
        .catch(reject);
    });
  }

  /** Nothing of a call that is held or mute is heard by the other. */
  function tone(call: Live): void {
    const handler = call.session.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined;
    handler?.enableSenderTracks(!call.muted && !call.held);
  }

  async function moveAudio(): Promise<void> {
    for (const call of live.values()) {
      hear(call);
      const handler = call.session.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined;
      const sender = handler?.peerConnection?.getSenders().find(({ track }) => track?.kind === "audio");
      if (!sender?.track || sender.track.getSettings().deviceId === devices().microphone) continue;
      const [track] = (await navigator.mediaDevices.getUserMedia(microphone())).getAudioTracks();
      if (!track) continue;
      const before = sender.track;
      await sender.replaceTrack(track);
      before.stop();
      tone(call);
    }
  }

  /** Of a number as it is dialled. */
  function uriOf(number: string): URI {
    const uri = UserAgent.makeURI(`sip:${encodeURIComponent(number).replaceAll("%2B", "+")}@${credential.domain}`);
    if (!uri) throw new Error(`nothing to dial: ${number}`);
    return uri;
  }

  const of = (id: string): Live => {
    const call = live.get(id);
    if (!call) throw new Error("no such call");
    return call;
  };

  return {
    dial: (number, asking) => dial(number, asking),
    async answer(id) {
      await holdOthers(id);
      const options = {
        sessionDescriptionHandlerOptions: { constraints: microphone() } as object,
        sessionDescriptionHandlerModifiers: [bestFirst],
      };
      await (of(id).session as Invitation).accept(options);
    },
    async hangUp(id) {
      const { session } = of(id);
      if (session.state === SessionState.Established) await session.bye();
      else if (session instanceof Inviter) await session.cancel();
      else await (session as Invitation).reject({ statusCode: 486 });
    },
    async hold(id, held) {
      if (!held) await holdOthers(id);
      await setHold(of(id), held);
    },
    mute(id, muted) {
      const call = of(id);
      call.muted = muted;
      tone(call);
      tell();
    },
    press(id, key) {
      // RFC 4733, by the browser itself
      of(id).session.sessionDescriptionHandler?.sendDtmf(key, { duration: 120, interToneGap: 60 });
    },
    async transfer(id, number) {
      await refer(of(id), uriOf(number));
    },
    async connect(id, other) {
      await refer(of(other), of(id).session);
    },
    renew(next) {
      credential = next;
      const { authorizationUsername, authorizationPassword } = identity(next);
      Object.assign(agent.configuration, { authorizationUsername, authorizationPassword });
      if (agent.isConnected()) register();
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      unlisten();
      removeEventListener("online", again);
      for (const call of live.values())
        if (call.session.state === SessionState.Established) await call.session.bye().catch(() => undefined);
      if (agent.isConnected()) await registerer.unregister().catch(() => undefined);
      await agent.stop().catch(() => undefined);
    },
  };
}

const identity = ({ username, domain, authorizationUsername, password, displayName }: Credential) => ({
  uri: UserAgent.makeURI(`sip:${username}@${domain}`) ?? undefinedUri(),
  ...{ authorizationUsername, authorizationPassword: password, displayName },
});

function undefinedUri(): never {
  throw new Error("the credential names no phone");
}

const shown = ({ session: _, audio: __, status: ___, ...call }: Live): Call => call;

/** Resolves when the REFER is taken: what comes of it ends the call, or leaves it as it is. */
async function refer(call: Live, to: Parameters<Session["refer"]>[0]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    call.session
      .refer(to, {
        requestDelegate: {
          onAccept: () => resolve(),
          onReject: ({ message }) => reject(new Error(String(message.statusCode))),
        },
      })
      .catch(reject);
  });
}
