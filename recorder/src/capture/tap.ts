import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { randomBytes } from "node:crypto";
import type { InterviewId } from "@verbatim/shared/ids";
import { isRtcp } from "../rtp/packet.ts";
import { senderReports, type RtcpSenderReport } from "../rtp/rtcp.ts";
import { createSrtpReceiver, type OpenedRtp, type SrtpFault, type SrtpReceiver } from "../rtp/srtp.ts";
import { srtpSuites, SRTP_SALT_BYTES, type SrtpSuite } from "../rtp/srtp-keys.ts";
import type { SfuLink } from "./sfu-link.ts";

/** The cheaper of the two; on a link of one host's loopback or one rack either is beyond reach. */
const SUITE: SrtpSuite = "AEAD_AES_128_GCM";

/**
 * Room for a stall of ours: the kernel counts about 1 kB per small packet, so half a megabyte holds 10 s of a
 * speaker. The system's limit (net.core.rmem_max) may give less.
 */
const RECEIVE_BYTES = 512 * 1024;

/** One producer's packets on their way to us. */
export type Tap = {
  /** Asks the sender of a picture for a key frame. */
  keyFrame(link: SfuLink): Promise<void>;
  /** Ends it on both sides; the sfu is told on `link`, since the one it was opened on may be gone. */
  close(link: SfuLink): Promise<void>;
};

export type TapSink = {
  media(packet: OpenedRtp): void;
  reports(reports: readonly RtcpSenderReport[]): void;
  fault(fault: SrtpFault): void;
};

/**
 * Binds a UDP port of its own and has the sfu send one producer's RTP to it. A port per tap, since each has
 * its own queue in the kernel: while our loop stalls, a shared one overflows 40 times sooner at 20 interviews.
 */
export async function openTap(
  link: SfuLink,
  source: { readonly interviewId: InterviewId; readonly producerId: string },
  sink: TapSink,
): Promise<Tap> {
  await using opening = new AsyncDisposableStack();
  const ip = link.localAddress;
  const socket = opening.adopt(createSocket(isIPv6(ip) ? "udp6" : "udp4"), closeSocket);
  let receiver: SrtpReceiver | undefined;
  socket.on("message", (datagram) => {
    if (receiver) receive(receiver, datagram, sink);
  });
  socket.bind(0, ip);
  await once(socket, "listening");
  socket.on("error", () => {
    // ICMP answers to what we never send; the sfu tells us when a producer is gone.
  });
  enlarge(socket);

  const keyAndSalt = randomBytes(srtpSuites[SUITE].keyBytes + SRTP_SALT_BYTES);
  const { tap } = await link.request({
    type: "open",
    ...source,
    ip,
    port: socket.address().port,
    srtp: { cryptoSuite: SUITE, keyBase64: keyAndSalt.toString("base64") },
  });
  if (!tap) throw new Error("The sfu opened a tap without saying which.");
  const forget = async (on: SfuLink): Promise<void> => {
    await on.request({ type: "close", tapId: tap.tapId }).catch(() => {
      // The sfu is away or has closed the tap itself: either way nothing is left to close.
    });
  };
  opening.defer(() => forget(link));
  if (!isSuite(tap.srtp.cryptoSuite)) throw new Error(`The sfu answered with SRTP suite ${tap.srtp.cryptoSuite}.`);
  receiver = createSrtpReceiver(tap.srtp.cryptoSuite, Buffer.from(tap.srtp.keyBase64, "base64"));
  // Only now: the port is being read and every packet of the stream can be opened.
  await link.request({ type: "resume", tapId: tap.tapId });
  // Nothing is undone from here on: the caller ends it.
  opening.move();
  return {
    async keyFrame(on) {
      await on.request({ type: "key-frame", tapId: tap.tapId });
    },
    async close(on) {
      await Promise.all([forget(on), closeSocket(socket)]);
    },
  };
}

function receive(receiver: SrtpReceiver, datagram: Buffer, sink: TapSink): void {
  if (isRtcp(datagram)) {
    const opened = receiver.rtcp(datagram);
    if (typeof opened === "string") sink.fault(opened);
    else sink.reports(senderReports(opened));
    return;
  }
  const opened = receiver.rtp(datagram);
  if (typeof opened === "string") sink.fault(opened);
  else sink.media(opened);
}

const isSuite = (name: string): name is SrtpSuite => name in srtpSuites;

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BYTES);
  } catch {
    // The system allows less: its default (208 kB, 4 s of a speaker) stays.
  }
}

async function closeSocket(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
}
