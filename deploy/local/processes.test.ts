import { describe, expect, it } from "vitest";
import { portsFromEnv } from "./ports.ts";
import { processTable, type Settings } from "./processes.ts";

const settings = (env: Record<string, string> = {}): Settings => ({
  env: {
    PATH: "/usr/bin",
    DATABASE_URL: "postgres://owner@127.0.0.1/postgres",
    SERVICE_SECRET: "service",
    TICKET_SECRET: "ticket",
    LINK_SECRET: "link",
    AUTH_SECRET: "auth",
    SETUP_CODE: "code",
    ...env,
  },
  dataDir: "/data",
  ports: portsFromEnv({}),
  workerBin: "/worker",
  mediaWorkers: 2,
  offlineSpeech: true,
});

function who(variable: string, env: Record<string, string> = {}): string[] {
  return processTable(settings(env)).flatMap(({ name, env: given }) => (given[variable] ? [name] : []));
}

describe("the environment of each process", () => {
  it("has the database only where it is used, and never where a recording is captured", () => {
    expect(who("DATABASE_URL")).toEqual(["api", "worker", "assembler"]);
  });

  it("has keys and secrets only where they are read", () => {
    expect(who("DEEPGRAM_API_KEY", { DEEPGRAM_API_KEY: "k" })).toEqual(["api", "scribe"]);
    expect(who("OPENAI_API_KEY", { OPENAI_API_KEY: "k" })).toEqual(["api", "scribe"]);
    expect(who("S3_SECRET_ACCESS_KEY", { S3_SECRET_ACCESS_KEY: "k" })).toEqual(["api", "worker", "ship", "assembler"]);
    expect(who("AUTH_SECRET")).toEqual(["api", "worker"]);
    expect(who("SETUP_CODE")).toEqual(["api"]);
  });

  it("passes on what concerns the system", () => {
    expect(who("HTTPS_PROXY", { HTTPS_PROXY: "http://proxy" }).length).toBe(processTable(settings()).length);
  });

  it("points the services at one another's internal ports", () => {
    const env = Object.fromEntries(processTable(settings()).map((process) => [process.name, process.env]));
    expect(env["capture"]!["SFU_INTERNAL_URL"]).toBe("ws://127.0.0.1:3011");
    expect(env["scribe"]!["API_INTERNAL_URL"]).toBe("ws://127.0.0.1:3001");
    expect(env["scribe"]!["SPEECH_OFFLINE_URL"]).toBe("ws://127.0.0.1:3030");
    expect(env["ship"]!["STORE_DIR"]).toBe("/data/store");
  });

  it("uses a bucket as soon as one is named", () => {
    const stores = processTable(settings({ S3_BUCKET: "interviews" })).flatMap(({ env }) => env["STORE"] ?? []);
    expect(new Set(stores)).toEqual(new Set(["s3"]));
  });
});

describe("ports", () => {
  it("are all checked before any is used", () => {
    expect(() => portsFromEnv({ API_PORT: "http", SFU_PORT: "70000" })).toThrow(/API_PORT: http[^]*SFU_PORT: 70000/);
  });

  it("may not be the same", () => {
    expect(() => portsFromEnv({ API_PORT: "3010" })).toThrow(/API_PORT: 3010 is SFU_PORT too/);
  });
});
