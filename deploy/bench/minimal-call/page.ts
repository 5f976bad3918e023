import { Device, type types } from "mediasoup-client";
import type { Answer, Question } from "./words.ts";

/** The smallest two-way call: one button, one socket, two transports. Its marks are those of Verbatim's pages. */
const button = document.createElement("button");
button.textContent = "Join";
document.body.append(button);
const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
button.onclick = () => {
  const socket = new WebSocket(location.href.replace("http", "ws"));
  const say = (question: Question): void => socket.send(JSON.stringify(question));
  const device = new Device();
  let recv: types.Transport;
  socket.onmessage = async ({ data }: MessageEvent<string>) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.type === "welcome") {
      await device.load({ routerRtpCapabilities: answer.routerRtpCapabilities });
      recv = device.createRecvTransport(answer.recv);
      const send = device.createSendTransport(answer.send);
      for (const transport of [recv, send]) {
        transport.on("connect", ({ dtlsParameters }, done) => {
          say({ type: "connect", transportId: transport.id, dtlsParameters });
          done();
        });
      }
      send.on("produce", ({ rtpParameters }, done) => {
        say({ type: "produce", rtpParameters });
        done({ id: "0" });
      });
      say({ type: "consume", rtpCapabilities: device.rtpCapabilities });
      const [track] = microphone.getAudioTracks();
      if (track) await send.produce({ track });
      return;
    }
    const consumer = await recv.consume(answer.consumer);
    say({ type: "resume", consumerId: consumer.id });
    const audio = new Audio();
    audio.srcObject = new MediaStream([consumer.track]);
    void audio.play();
    await markFirstSound(consumer);
  };
};

/** As Verbatim's pages do it: since when samples come out of the jitter buffer, looked for every 20 ms. */
async function markFirstSound(consumer: types.Consumer): Promise<void> {
  for (;;) {
    for (const stats of (await consumer.getStats()).values() as Iterable<Record<string, unknown>>) {
      const emitted = Number(stats["jitterBufferEmittedCount"]);
      if (stats["type"] !== "inbound-rtp" || !(emitted > 0)) continue;
      const startTime = Number(stats["timestamp"]) - performance.timeOrigin - emitted / 48;
      return void performance.mark("verbatim.first-audio", { startTime });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
