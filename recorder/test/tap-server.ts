import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:http";
import { once } from "node:events";
import { randomBytes, randomInt } from "node:crypto";
import { WebSocketServer, type WebSocket } from "ws";
import { verifyServiceToken } from "@verbatim/hands/service-token";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { CaptureMessage, type SfuToCapture } from "@verbatim/shared/tap/protocol";
import { createSrtpSender, rtpPacket, senderReportPacket, type SrtpSender } from "./srtp-sender.ts";

type CallMessage = Extract<SfuToCapture, { type: "call" }>;

/**
 * The sfu as capture sees it: the tap protocol on a real websocket, SRTP on real UDP. For tests and benchmarks of the
 * recorder that need to say exactly what was sent when; the same tests run against the real sfu in `deploy/e2e`.
 */
export type TapServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Tells every capture the call's whole state, now and when it connects. */
  tell(call: CallMessage): void;
  callGone(interviewId: CallMessage["interviewId"]): void;
  /** Forgets every call and tells nobody, as a restart does. */
  forget(): void;
  /** Says which calls there are, as after the api has spoken. */
  nameCalls(): void;
  /** Sends one packet of a producer to each of its open taps. Answers how many there were. */
  send(producerId: string, packet: { readonly timestamp: number; readonly payload: Uint8Array }): number;
  report(producerId: string, report: { readonly ntpUs: number; readonly rtpTime: number }): void;
  /** Taps that were resumed. */
  openTaps(producerId: string): number;
  /** Loses one packet on the way to each of its taps. */
  skip(producerId: string): void;
  /** How often a key frame of it was asked for. */
  keyFramesAsked(producerId: string): number;
  /** The producer is gone: its taps end. */
  closeProducer(producerId: string): void;
  /** Breaks the websockets; taps go on. */
  disconnect(): void;
  /** Sends bytes on every websocket as they are. */
  raw(text: string): void;
  readonly connections: number;
  readonly refusals: number;
};

type Tap = {
  readonly producerId: string;
  readonly port: number;
  readonly ip: string;
  readonly ssrc: number;
  readonly sender: SrtpSender;
  index: number;
  reports: number;
  open: boolean;
};

export async function startTapServer(options: {
  readonly secret: string;
  readonly port?: number;
  readonly bootId?: string;
  readonly nowUs?: () => number;
  /** Packet index of each new tap's first packet; high ones roll over soon. */
  readonly firstIndex?: () => number;
}): Promise<TapServer> {
  const nowUs = options.nowUs ?? monotonicUs;
  const firstIndex = options.firstIndex ?? (() => randomInt(0, 65_536));
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const udp: Socket = createSocket("udp4");
  const calls = new Map<string, CallMessage>();
  const taps = new Map<string, Tap>();
  const keyFrames = new Map<string, number>();
  let refusals = 0;
  let closed = false;

  const sendTo = (socket: WebSocket, message: SfuToCapture): void => socket.send(JSON.stringify(message));
  const broadcast = (message: SfuToCapture): void => {
    for (const socket of sockets.clients) sendTo(socket, message);
  };

  const answer = (socket: WebSocket, message: CaptureMessage): void => {
    const { id } = message;
    switch (message.type) {
      case "hello":
        sendTo(socket, { type: "ok", id, bootId: options.bootId ?? bootId(), nowUs: nowUs() });
        for (const call of calls.values()) sendTo(socket, call);
        return;
      case "ping":
        sendTo(socket, { type: "ok", id, nowUs: nowUs() });
        return;
      case "open": {
        const call = calls.get(message.interviewId);
        if (!call?.tracks.some(({ producerId }) => producerId === message.producerId)) {
          sendTo(socket, { type: "error", id, code: "not_found", message: "no such producer" });
          return;
        }
        const tapId = randomBytes(8).toString("hex");
        const key = randomBytes(message.srtp.cryptoSuite === "AEAD_AES_256_GCM" ? 44 : 28);
        const suite = message.srtp.cryptoSuite === "AEAD_AES_256_GCM" ? "AEAD_AES_256_GCM" : "AEAD_AES_128_GCM";
        const ssrc = randomInt(1, 2 ** 32 - 1);
        taps.set(tapId, {
          producerId: message.producerId,
          ip: message.ip,
          port: message.port,
          ssrc,
          sender: createSrtpSender(suite, key),
          index: firstIndex(),
          reports: 0,
          open: false,
        });
        const srtp = { cryptoSuite: suite, keyBase64: key.toString("base64") } as const;
        sendTo(socket, { type: "ok", id, tap: { tapId, ssrc, payloadType: 100, srtp } });
        return;
      }
      case "resume": {
        const tap = taps.get(message.tapId);
        if (tap) tap.open = true;
        sendTo(socket, tap ? { type: "ok", id } : { type: "error", id, code: "not_found", message: "no such tap" });
        return;
      }
      case "key-frame": {
        const producer = taps.get(message.tapId)?.producerId ?? "";
        keyFrames.set(producer, (keyFrames.get(producer) ?? 0) + 1);
        sendTo(socket, { type: "ok", id });
        return;
      }
      case "close":
        taps.delete(message.tapId);
        sendTo(socket, { type: "ok", id });
        return;
    }
  };

  http.on("upgrade", (request, socket, head) => {
    verifyServiceToken(options.secret, "tap", request.headers.authorization).then(
      () => {
        if (request.url !== "/tap") return socket.destroy();
        sockets.handleUpgrade(request, socket, head, (opened) => {
          opened.on("message", (data: Buffer) => answer(opened, CaptureMessage.parse(JSON.parse(data.toString()))));
        });
        return undefined;
      },
      () => {
        refusals += 1;
        socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      },
    );
  });
  http.listen(options.port ?? 0, "127.0.0.1");
  await once(http, "listening");
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  const address = http.address();
  const port = typeof address === "object" && address ? address.port : 0;

  const tapsOf = (producerId: string): Tap[] =>
    closed ? [] : [...taps.values()].filter((tap) => tap.open && tap.producerId === producerId);

  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    tell(call) {
      calls.set(call.interviewId, call);
      broadcast(call);
    },
    callGone(interviewId) {
      calls.delete(interviewId);
      broadcast({ type: "call-gone", interviewId });
    },
    forget: () => calls.clear(),
    nameCalls() {
      broadcast({ type: "calls", interviewIds: [...calls.values()].map(({ interviewId }) => interviewId) });
    },
    send(producerId, { timestamp, payload }) {
      const open = tapsOf(producerId);
      for (const tap of open) {
        const packet = rtpPacket({ sequence: tap.index, timestamp, ssrc: tap.ssrc, payload });
        udp.send(tap.sender.rtp(packet, tap.index), tap.port, tap.ip);
        tap.index += 1;
      }
      return open.length;
    },
    report(producerId, { ntpUs, rtpTime }) {
      for (const tap of tapsOf(producerId)) {
        udp.send(
          tap.sender.rtcp(senderReportPacket({ ssrc: tap.ssrc, ntpUs, rtpTime }), tap.reports++),
          tap.port,
          tap.ip,
        );
      }
    },
    skip(producerId) {
      for (const tap of tapsOf(producerId)) tap.index += 1;
    },
    keyFramesAsked: (producerId) => keyFrames.get(producerId) ?? 0,
    openTaps: (producerId) => tapsOf(producerId).length,
    closeProducer(producerId) {
      for (const [tapId, tap] of taps) if (tap.producerId === producerId) taps.delete(tapId);
    },
    disconnect() {
      for (const socket of sockets.clients) socket.terminate();
    },
    raw(text) {
      for (const socket of sockets.clients) socket.send(text);
    },
    get connections() {
      return sockets.clients.size;
    },
    get refusals() {
      return refusals;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => {
          http.close(() => resolve());
        }),
        new Promise<void>((resolve) => {
          udp.close(() => resolve());
        }),
      ]);
    },
  };
}
