import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import {
  ApiToSfu,
  type CallState,
  type Participant,
  type PresenceChange,
  type SfuToApi,
} from "@verbatim/shared/control/protocol";
import { verifyServiceToken } from "@verbatim/hands/service-token";
import type { Transition } from "@verbatim/shared/recording/control";

/** Stands where the media server stands: accepts calls, stamps transitions, says who is there. */
export async function fakeSfu(secret: string) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const calls = new Map<string, CallState>();
  const stamps = new Map<string, Transition[]>();
  /** Lists of all calls, as the api named them. */
  const named: string[][] = [];
  const captions: Extract<ApiToSfu, { type: "caption" }>[] = [];
  const open = new Set<WebSocket>();
  const startUs = 1_000_000_000;
  const bornMs = Date.now();
  const nowUs = (): number => startUs + (Date.now() - bornMs) * 1000;
  const clocks = new Map<string, { bootId: string; startUs: number; startUtcMs: number }>();

  const accept = (call: CallState) => {
    const known = calls.get(call.interviewId);
    if (!known || known.revision <= call.revision) calls.set(call.interviewId, call);
    const recording = call.recording;
    if (!recording) return undefined;
    const id = recording.recordingId;
    // One reading: position 0 is the moment of Start itself.
    const acceptedUs = nowUs();
    const clock = recording.clock ?? clocks.get(id) ?? { bootId: "boot", startUs: acceptedUs, startUtcMs: Date.now() };
    clocks.set(id, clock);
    const before = stamps.get(id) ?? [];
    const transitions = recording.transitions.map((each) => ({
      ...each,
      atUs: each.atUs ?? before.find(({ revision }) => revision === each.revision)?.atUs ?? acceptedUs,
    }));
    stamps.set(id, transitions);
    return { revision: call.revision, clock, transitions };
  };

  http.on("upgrade", (request, socket, head) => {
    verifyServiceToken(secret, "control", request.headers.authorization).then(
      () =>
        sockets.handleUpgrade(request, socket, head, (ws) => {
          open.add(ws);
          ws.on("close", () => open.delete(ws));
          ws.on("message", (data) => {
            const message = ApiToSfu.parse(JSON.parse((data as Buffer).toString("utf8")));
            if (message.type === "caption") return void captions.push(message);
            if (message.type === "calls") named.push(message.interviewIds);
            const accepted = message.type === "call" ? accept(message.call) : undefined;
            ws.send(
              JSON.stringify({ type: "ok", id: message.id, ...(accepted ? { accepted } : {}) } satisfies SfuToApi),
            );
          });
        }),
      () => socket.destroy(),
    );
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    calls,
    captions,
    named,
    nowUs,
    get connected() {
      return open.size > 0;
    },
    get connections() {
      return open.size;
    },
    room(
      at: Pick<CallState, "tenantId" | "interviewId">,
      participants: Participant[],
      presence: PresenceChange[] = [],
    ): void {
      const { tenantId, interviewId } = at;
      const message: SfuToApi = { type: "room", tenantId, interviewId, participants, presence };
      for (const ws of open) ws.send(JSON.stringify(message));
    },
    drop(): void {
      for (const ws of open) ws.terminate();
    },
    async [Symbol.asyncDispose]() {
      for (const ws of open) ws.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
