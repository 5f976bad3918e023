import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createSrtpSender, rtpPacket, senderReportPacket } from "../../test/srtp-sender.ts";
import { createGcmKey } from "./gcm.ts";
import { senderReports } from "./rtcp.ts";
import { createSrtpReceiver } from "./srtp.ts";
import { deriveKey, srtpSuites, type SrtpSuite } from "./srtp-keys.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const suites = Object.keys(srtpSuites) as SrtpSuite[];
const keyFor = (suite: SrtpSuite): Buffer => Buffer.alloc(srtpSuites[suite].keyBytes + 12, 0x5a);
const packetOf = (sequence: number, payload: Uint8Array = Buffer.from([1, 2, 3])) =>
  rtpPacket({ sequence, timestamp: sequence * 960, ssrc: 0xcafe_babe, payload });

describe("SRTP test vectors", () => {
  it("derives the keys of RFC 3711 B.3", () => {
    const key = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    const salt = hex("0EC675AD498AFEEBB6960B3AABE6");
    expect(deriveKey(key, salt, 0, 16)).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    expect(deriveKey(key, salt, 2, 14)).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
    expect(deriveKey(key, salt, 1, 20)).toEqual(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
  });

  it("opens the packets of RFC 7714 16.1 and 16.2", () => {
    const header = hex("8040f17b 8041f8d3 5501a0b2");
    const plain = Buffer.from("Gallia est omnis divisa in partes tres");
    const iv = hex("51753c65 80c2726f 20718414");
    const vectors = [
      {
        key: hex("000102030405060708090a0b0c0d0e0f"),
        sealed: hex(`f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833
                     899d7f27 beb16a91 52cf765e e4390cce`),
      },
      {
        key: hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        sealed: hex(`32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b
                     7aa3db36 dfffd6b0 f9bb7878 d7a76c13`),
      },
    ];
    for (const { key, sealed } of vectors) {
      const data = Buffer.concat([header, sealed]);
      expect(
        createGcmKey(key)
          .open(iv, data, 12, data, 12, data.length - 16)
          ?.toString(),
      ).toBe(plain.toString());
    }
  });
});

describe.each(suites)("an SRTP receiver with %s", (suite) => {
  it("invariant: opens any stream of packets, through roll-overs, loss and disorder, each once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.array(fc.record({ skip: fc.integer({ min: 1, max: 400 }), late: fc.nat(3) }), { maxLength: 60 }),
        (first, steps) => {
          const sender = createSrtpSender(suite, keyFor(suite));
          const receiver = createSrtpReceiver(suite, keyFor(suite));
          let index = first;
          const sent = steps.map(({ skip, late }, n) => {
            index += skip;
            const payload = Buffer.from(String(index));
            return { at: n + late, payload, sealed: sender.rtp(packetOf(index, payload), index), index };
          });
          for (const { sealed, payload, index: place } of sent.toSorted((a, b) => a.at - b.at)) {
            // The first packet to arrive settles the roll-over count; what lies before it by a roll-over cannot be told.
            const opened = receiver.rtp(sealed);
            if (typeof opened === "string") {
              expect(place).toBeLessThan(0x1_0000);
              expect(opened).toBe("unauthentic");
              continue;
            }
            expect(opened.payload.equals(payload)).toBe(true);
            expect(opened.sequence).toBe(place % 0x1_0000);
            expect(receiver.rtp(sealed)).toBe("replayed");
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("joins a stream that rolled over before its first packet came", () => {
    const sender = createSrtpSender(suite, keyFor(suite));
    const receiver = createSrtpReceiver(suite, keyFor(suite));
    expect(receiver.rtp(sender.rtp(packetOf(3), 0x1_0003))).toMatchObject({ sequence: 3 });
    expect(receiver.rtp(sender.rtp(packetOf(4), 0x1_0004))).toMatchObject({ sequence: 4 });
  });

  it("follows a stream for three roll-overs", () => {
    const sender = createSrtpSender(suite, keyFor(suite));
    const receiver = createSrtpReceiver(suite, keyFor(suite));
    for (let index = 65_000; index < 200_000; index += 251) {
      expect(receiver.rtp(sender.rtp(packetOf(index), index))).toMatchObject({ sequence: index % 0x1_0000 });
    }
  });

  it("authenticates extension and contributing sources, and takes padding off", () => {
    const sender = createSrtpSender(suite, keyFor(suite));
    const receiver = createSrtpReceiver(suite, keyFor(suite));
    const plain = packetOf(9, Buffer.alloc(0));
    plain[0] = 0x80 | 0x20 | 0x10 | 1;
    const header = Buffer.concat([plain, hex("00000001 bede0001 51ff0000")]);
    const packet = Buffer.concat([header, Buffer.from("voice"), hex("000003")]);
    const sealed = sender.rtp(packet, 9, header.length);
    const tampered = Buffer.from(sealed);
    tampered[header.length - 3]! ^= 1;
    expect(receiver.rtp(tampered)).toBe("unauthentic");
    const opened = receiver.rtp(sealed);
    expect(typeof opened === "string" ? opened : opened.payload.toString()).toBe("voice");
  });

  it("opens RTCP, once, and refuses what is tampered with or in clear", () => {
    const sender = createSrtpSender(suite, keyFor(suite));
    const receiver = createSrtpReceiver(suite, keyFor(suite));
    const report = { ssrc: 7, ntpUs: 1_700_000_000_123_456, rtpTime: 4_000_000_000 };
    const packet = senderReportPacket(report);
    const sealed = sender.rtcp(packet, 5);
    const tampered = Buffer.from(sealed);
    tampered[12]! ^= 1;
    expect(receiver.rtcp(tampered)).toBe("unauthentic");
    const opened = receiver.rtcp(sealed);
    expect(typeof opened === "string" ? opened : senderReports(opened)).toEqual([report]);
    expect(receiver.rtcp(sealed)).toBe("replayed");
    expect(receiver.rtcp(Buffer.concat([packet, Buffer.alloc(20)]))).toBe("unauthentic");
    expect(receiver.rtcp(packet.subarray(0, 20))).toBe("malformed");
  });

  it("refuses packets of another key, and a key of the wrong length", () => {
    const receiver = createSrtpReceiver(suite, Buffer.alloc(keyFor(suite).length, 1));
    expect(receiver.rtp(createSrtpSender(suite, keyFor(suite)).rtp(packetOf(1), 1))).toBe("unauthentic");
    expect(() => createSrtpReceiver(suite, Buffer.alloc(20))).toThrow(RangeError);
  });
});
