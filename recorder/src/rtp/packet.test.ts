import { describe, expect, it } from "vitest";
import { rtpPacket, senderReportPacket } from "../../test/srtp-sender.ts";
import { isRtcp, parseRtp, withoutPadding } from "./packet.ts";
import { senderReports } from "./rtcp.ts";
import { createSrtpReceiver } from "./srtp.ts";

/** A small, fast, seeded random source (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

describe("RTP and RTCP from the wire", () => {
  it("reads what was written", () => {
    const packet = rtpPacket({
      sequence: 65_535,
      timestamp: 0xffff_fff0,
      ssrc: 0x8000_0001,
      payload: Buffer.from([1]),
    });
    expect(parseRtp(packet)).toEqual({
      payloadType: 100,
      sequence: 65_535,
      timestamp: 0xffff_fff0,
      ssrc: 0x8000_0001,
      padded: false,
      headerBytes: 12,
    });
    expect(isRtcp(packet)).toBe(false);
    expect(isRtcp(senderReportPacket({ ssrc: 1, ntpUs: 0, rtpTime: 0 }))).toBe(true);
  });

  it("finds every sender report of a compound packet, and stops where it is malformed", () => {
    const report = { ssrc: 1, ntpUs: 1_700_000_000_000_000, rtpTime: 2 };
    const one = senderReportPacket(report);
    const other = Buffer.from([0x81, 202, 0, 1, 0, 0, 0, 0]);
    expect(senderReports(Buffer.concat([one, other, one]))).toEqual([report, report]);
    expect(senderReports(Buffer.concat([one, Buffer.from([0x80, 200, 0xff, 0xff])]))).toEqual([report]);
  });

  it("refuses padding that is longer than the payload, or none", () => {
    expect(withoutPadding(Buffer.from([9, 9, 3]))?.length).toBe(0);
    expect(withoutPadding(Buffer.from([9, 9, 4]))).toBeUndefined();
    expect(withoutPadding(Buffer.from([0]))).toBeUndefined();
    expect(withoutPadding(Buffer.alloc(0))).toBeUndefined();
  });

  it("invariant: a million random packets, half of them with a right beginning, neither throw nor read outside", () => {
    const random = seeded(20_261_121);
    const receiver = createSrtpReceiver("AEAD_AES_128_GCM", Buffer.alloc(28));
    const whole = Buffer.alloc(256);
    const counts = { rtp: 0, reports: 0, opened: 0 };
    for (let n = 0; n < 1_000_000; n++) {
      const length = random() % 200;
      const packet = whole.subarray(0, length);
      for (let at = 0; at < length; at += 4) whole.writeUInt32LE(random(), at);
      if (n & 1 && length > 4) {
        packet[0] = 0x80 | (packet[0]! & 0x3f);
        if (n & 2) packet.set([200, 0, packet[3]! % 12], 1);
      }
      const header = parseRtp(packet);
      if (header) {
        counts.rtp += 1;
        if (header.headerBytes > length) throw new Error(`header of ${header.headerBytes} in ${length}`);
      }
      counts.reports += senderReports(packet).length;
      // Every 16th also through decryption: the slow part.
      if (n % 16 < 4) {
        const opened = isRtcp(packet) ? receiver.rtcp(packet) : receiver.rtp(packet);
        if (typeof opened !== "string") counts.opened += 1;
      }
    }
    expect(counts.rtp).toBeGreaterThan(100_000);
    expect(counts.reports).toBeGreaterThan(1000);
    expect(counts.opened).toBe(0);
  });
});
