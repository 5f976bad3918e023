import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { allowedOrigins } from "./signal/origins.ts";

const secrets = { SERVICE_SECRET: "s".repeat(32), TICKET_SECRET: "t".repeat(32) };

describe("configuration", () => {
  it("has defaults for everything but the secrets", () => {
    expect(readConfig(secrets, 4)).toMatchObject({
      port: 3010,
      internalPort: 3011,
      media: { port: 40_000, workers: 4, announced: null },
      tls: null,
    });
  });

  it("names every fault at once", () => {
    const faulty = { SFU_PORT: "many", TICKET_SECRET: "short", PUBLIC_URL: "ftp://x" };
    for (const name of ["SFU_PORT", "SERVICE_SECRET", "TICKET_SECRET", "PUBLIC_URL"]) {
      expect(() => readConfig(faulty, 1)).toThrow(name);
    }
    expect(() => readConfig({ ...secrets, TLS_CERT: "cert.pem" }, 1)).toThrow("TLS_KEY");
  });

  it("names what is missing to another variable beside every other fault", () => {
    const faulty = { ...secrets, SFU_PORT: "many", TLS_CERT: "cert.pem", ICE_SERVERS: "turn:turn.example.com" };
    expect(() => readConfig(faulty, 1)).toThrow(/SFU_PORT:[^]*TURN_SECRET: is needed[^]*TLS_KEY: belongs to TLS_CERT/);
  });

  it("announces what it is told, in that order", () => {
    const { media } = readConfig({ ...secrets, ANNOUNCED_ADDRESS: "203.0.113.5, 2001:db8::5, sfu.example.com," }, 1);
    expect(media.announced).toEqual(["203.0.113.5", "2001:db8::5", "sfu.example.com"]);
    expect(readConfig({ ...secrets, ANNOUNCED_ADDRESS: " , " }, 1).media.announced).toBeNull();
  });

  it.each(["[2001:db8::5]", "2001:db8::5:40000:1:2:3:4:5", "203.0.113.5:40000", "https://sfu.example.com"])(
    "announces no address at which nothing listens: %s",
    (ANNOUNCED_ADDRESS) => {
      expect(() => readConfig({ ...secrets, ANNOUNCED_ADDRESS }, 1)).toThrow(
        "ANNOUNCED_ADDRESS: must be addresses or names, without ports",
      );
    },
  );

  it("takes relays, and a TURN server only with its secret", () => {
    const turn = { ICE_SERVERS: "stun:turn.example.com, turns:turn.example.com:443?transport=tcp" };
    const withSecret = { ...secrets, ...turn, TURN_SECRET: "shared with coturn" };
    expect(readConfig(withSecret, 1).media.relays).toEqual({
      urls: ["stun:turn.example.com", "turns:turn.example.com:443?transport=tcp"],
      secret: "shared with coturn",
    });
    expect(() => readConfig({ ...secrets, ...turn }, 1)).toThrow("TURN_SECRET");
    expect(() => readConfig({ ...secrets, ICE_SERVERS: "turn.example.com" }, 1)).toThrow("ICE_SERVERS");
    expect(readConfig({ ...secrets, ICE_SERVERS: "stun:turn.example.com" }, 1).media.relays.secret).toBeUndefined();
  });
});

describe("allowed origins", () => {
  it.each([
    ["http://localhost:3000", ["http://localhost:3000", "http://127.0.0.1:3000"]],
    ["http://127.0.0.1:3000/", ["http://localhost:3000", "http://127.0.0.1:3000"]],
    ["https://talk.example.com/app", ["https://talk.example.com"]],
    ["https://talk.example.com:443", ["https://talk.example.com"]],
  ])("of %s", (publicUrl, origins) => {
    expect([...allowedOrigins(publicUrl)]).toEqual(origins);
  });
});
