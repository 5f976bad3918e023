import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rtpPacket } from "../test/srtp-sender.ts";
import type { Stream } from "./packets.ts";

export type FfmpegPeer = AsyncDisposable & {
  readonly pids: readonly number[];
  send(stream: Stream, packet: { readonly timestamp: number; readonly payload: Buffer }, n: number): void;
  /** Ends every recording and answers how many seconds of sound each wrote. */
  finish(): Promise<number[]>;
};

/** The usual way: one ffmpeg per interview, two RTP inputs mixed to 16 kHz mono WAV segments of 30 s. Plain RTP. */
export async function startFfmpegPeer(streams: readonly Stream[], dir: string): Promise<FfmpegPeer> {
  const ports = new Map<string, number>();
  const free = await rtpPorts(streams.length);
  for (const [index, { producerId }] of streams.entries()) ports.set(producerId, free[index]!);
  const socket = createSocket("udp4");
  const interviews = Map.groupBy(streams, ({ interviewId }) => interviewId);
  const recorders = [...interviews.values()].map((speakers, n) => {
    const sdp = join(dir, `${n}.sdp`);
    const media = speakers.flatMap(({ producerId }) => [
      `m=audio ${ports.get(producerId)} RTP/AVP 100`,
      "c=IN IP4 127.0.0.1",
      "a=rtpmap:100 opus/48000/2",
    ]);
    const lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "t=0 0", ...media];
    writeFileSync(sdp, `${lines.join("\r\n")}\r\n`);
    const input = ["-nostdin", "-v", "error", "-protocol_whitelist", "file,udp,rtp", "-i", sdp];
    const mix = ["-filter_complex", "[0:0][0:1]amix=inputs=2:duration=longest", "-ar", "16000", "-ac", "1"];
    const output = ["-c:a", "pcm_s16le", "-f", "segment", "-segment_time", "30", join(dir, `${n}-%03d.wav`)];
    return spawn("ffmpeg", [...input, ...mix, ...output], { stdio: ["ignore", "ignore", "inherit"] });
  });
  const end = async (): Promise<void> => {
    await Promise.all(
      recorders.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, "exit");
        child.kill("SIGINT");
        const giveUp = setTimeout(() => child.kill("SIGKILL"), 5_000);
        await exited;
        clearTimeout(giveUp);
      }),
    );
  };
  return {
    pids: recorders.flatMap(({ pid }) => pid ?? []),
    send({ producerId }, { timestamp, payload }, n) {
      const ssrc = 1 + streams.findIndex((stream) => stream.producerId === producerId);
      socket.send(rtpPacket({ sequence: n, timestamp, ssrc, payload }), ports.get(producerId)!, "127.0.0.1");
    },
    async finish() {
      await end();
      return recorders.map((_, n) => {
        const files = readdirSync(dir).filter((name) => name.startsWith(`${n}-`));
        const bytes = files.reduce((sum, name) => sum + readFileSync(join(dir, name)).length - 78, 0);
        return bytes / 32_000;
      });
    },
    async [Symbol.asyncDispose]() {
      await end();
      socket.close();
    },
  };
}

/** RTP wants an even port and takes the next one for RTCP: pairs of which nobody has either. */
async function rtpPorts(count: number): Promise<number[]> {
  await using held = new AsyncDisposableStack();
  const bind = async (port: number): Promise<boolean> => {
    const socket = createSocket("udp4");
    held.defer(() => void socket.close());
    const bound = once(socket, "listening").then(
      () => true,
      () => false, // Taken.
    );
    socket.bind(port, "127.0.0.1");
    return await bound;
  };
  const pairs: number[] = [];
  for (let port = 21_000; pairs.length < count && port < 40_000; port += 2) {
    if ((await bind(port)) && (await bind(port + 1))) pairs.push(port);
  }
  return pairs;
}
