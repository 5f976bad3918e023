import { readdir } from "node:fs/promises";
import { BadConfig } from "@verbatim/hands/config";
import { expect, it } from "vitest";
import { checkConfiguration } from "./configuration.ts";

/** A folder that the check must not make. */
const dataDir = "/nonexistent/verbatim";

it("names the faults of every process in one message, each once, before anything is made", async () => {
  const faulty = {
    PATH: process.env["PATH"],
    SFU_PORT: "many",
    TLS_CERT: "/cert.pem",
    ICE_SERVERS: "turn:turn.example.com",
    SFU_WORKERS: "all",
    CLOSE_AFTER_EMPTY_MINUTES: "soon",
    CAPTURE_INSTANCE: "Capture 1",
    DEEPGRAM_API_KEY: "cut",
    S3_BUCKET: "interviews",
    S3_SECRET_ACCESS_KEY: "key without its id",
    TICKET_SECRET: "short",
    DATABASE_URL: "mysql://db",
  };
  const thrown = await checkConfiguration(faulty, dataDir).catch((fault: unknown) => fault);
  expect(thrown).toBeInstanceOf(BadConfig);
  const names = (thrown as BadConfig).faults.map((fault) => fault.split(":")[0]);
  const expected = Object.keys(faulty).filter(
    (name) => !["PATH", "TLS_CERT", "ICE_SERVERS", "S3_BUCKET"].includes(name),
  );
  expect(new Set(names)).toEqual(new Set([...expected, "TLS_KEY", "TURN_SECRET"]));
  expect(names.length).toBe(new Set(names).size);
  await expect(readdir(dataDir)).rejects.toThrow("ENOENT");
});

it("finds nothing in an environment without anything of ours", async () => {
  expect((await checkConfiguration({ PATH: process.env["PATH"] }, dataDir)).api).toBe(3000);
});
