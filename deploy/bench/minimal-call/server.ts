import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createWorker, type types } from "mediasoup";
import { build } from "vite";
import { type WebSocket, WebSocketServer } from "ws";
import type { Answer, Question } from "./words.ts";

type Peer = {
  readonly socket: WebSocket;
  readonly recv: types.WebRtcTransport;
  readonly send: types.WebRtcTransport;
  readonly consumers: Map<string, types.Consumer>;
  capabilities?: types.RtpCapabilities;
  producer?: types.Producer;
};

/** One room of everybody who connects: no admission, no accounts, no database. The floor that a join is measured against. */
export async function startMinimalCall(): Promise<{ readonly url: string } & AsyncDisposable> {
  const script = await bundle();
  const worker = await createWorker({ logLevel: "error" });
  const listen = { listenInfos: [udp("127.0.0.1"), { ...udp("127.0.0.1"), protocol: "tcp" as const }] };
  const webRtcServer = await worker.createWebRtcServer(listen);
  const router = await worker.createRouter({
    mediaCodecs: [{ kind: "audio", mimeType: "audio/opus", clockRate: 48_000, channels: 2 }],
  });
  const peers = new Set<Peer>();

  const offer = async (to: Peer, from: Peer): Promise<void> => {
    if (to === from || !to.capabilities || !from.producer || from.producer.closed) return;
    const { id: producerId, kind } = from.producer;
    const consumer = await to.recv.consume({ producerId, rtpCapabilities: to.capabilities, paused: true });
    to.consumers.set(consumer.id, consumer);
    const { id, rtpParameters } = consumer;
    tell(to, { type: "consumer", consumer: { id, producerId, kind, rtpParameters: rtpParameters as never } });
  };

  const hear = async (peer: Peer, question: Question): Promise<void> => {
    switch (question.type) {
      case "connect":
        await (question.transportId === peer.recv.id ? peer.recv : peer.send).connect(question as never);
        return;
      case "consume":
        peer.capabilities = question.rtpCapabilities as types.RtpCapabilities;
        for (const other of peers) await offer(peer, other);
        return;
      case "produce":
        peer.producer = await peer.send.produce({ kind: "audio", rtpParameters: question.rtpParameters as never });
        for (const other of peers) await offer(other, peer);
        return;
      case "resume":
        await peer.consumers
          .get(question.consumerId)
          ?.resume()
          .catch(() => undefined); // Its other end has left.
    }
  };

  const enter = async (socket: WebSocket): Promise<void> => {
    const [recv, send] = await Promise.all([1, 2].map(() => router.createWebRtcTransport({ webRtcServer })));
    if (!recv || !send) return;
    const peer: Peer = { socket, recv, send, consumers: new Map() };
    peers.add(peer);
    socket.on("message", (data: Buffer) => void hear(peer, JSON.parse(data.toString()) as Question));
    socket.on("close", () => {
      peers.delete(peer);
      recv.close();
      send.close();
    });
    const { rtpCapabilities } = router;
    tell(peer, {
      type: "welcome",
      routerRtpCapabilities: rtpCapabilities as never,
      recv: optionsOf(recv),
      send: optionsOf(send),
    });
  };

  const http = createServer((request, response) => {
    const page = `<!doctype html><title>Minimal call</title><body><script type="module" src="/page.js"></script>`;
    const [type, text] = request.url === "/page.js" ? ["text/javascript", script] : ["text/html", page];
    response.writeHead(200, { "content-type": type }).end(text);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on("connection", (socket) => void enter(socket));
  await once(http.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const { socket } of peers) socket.terminate();
      sockets.close();
      http.close();
      worker.close();
    },
  };
}

const udp = (ip: string) => ({ protocol: "udp" as const, ip });
const tell = ({ socket }: Peer, answer: Answer): void => socket.send(JSON.stringify(answer));
const optionsOf = ({ id, iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport) =>
  ({ id, iceParameters, iceCandidates, dtlsParameters }) as never;

async function bundle(): Promise<string> {
  const input = fileURLToPath(new URL("page.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, target: "es2023", rollupOptions: { input } },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("The minimal call's page was not built.");
  return output.output[0].code;
}
