import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

const secret = "s".repeat(40);
const good = {
  DATABASE_URL: "postgres://verbatim:x@127.0.0.1:3040/postgres",
  DATA_DIR: "/var/lib/verbatim",
  SERVICE_SECRET: secret,
  TICKET_SECRET: secret,
  LINK_SECRET: secret,
  AUTH_SECRET: secret,
};

describe("the configuration", () => {
  it("has a default for everything but the database, the store and the secrets", () => {
    const config = readConfig(good);
    expect(config.http).toMatchObject({
      port: 3000,
      internalPort: 3001,
      publicUrl: "http://localhost:3000",
      secure: false,
    });
    expect(config.store).toEqual({ kind: "disk", root: "/var/lib/verbatim/store" });
    expect(config.suggestions).toBeUndefined();
    expect(config.recording.closeAfterEmptyMs).toBe(600_000);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("lists every fault at once, by name", () => {
    const faulty = {
      ...good,
      API_PORT: "99999",
      SERVICE_SECRET: "short",
      AUTH_SECRET: "",
      PUBLIC_URL: "localhost",
      SIGNAL_URL: "http://x",
      TLS_KEY: "/k.pem",
      STORE: "s3",
      OPENAI_BASE_URL: "nowhere",
      OPENAI_SUGGESTIONS: "maybe",
      SUGGESTION_BUDGET_TOKENS: "-1",
      S3_ENDPOINT: "nowhere",
      S3_ACCESS_KEY_ID: "id",
    };
    const own = ["API_PORT", "SERVICE_SECRET", "AUTH_SECRET", "PUBLIC_URL", "SIGNAL_URL", "TLS_CERT"];
    own.push("OPENAI_BASE_URL", "OPENAI_SUGGESTIONS", "SUGGESTION_BUDGET_TOKENS");
    for (const name of [...own, "S3_ENDPOINT", "S3_BUCKET", "S3_SECRET_ACCESS_KEY"]) {
      expect(() => readConfig(faulty)).toThrow(name);
    }
  });

  it("asks a model for follow-up questions where there is a key, until it is switched off", () => {
    const keyed = { ...good, OPENAI_API_KEY: "key" };
    expect(readConfig(keyed).suggestions).toEqual({
      apiKey: "key",
      baseUrl: "https://api.openai.com/v1",
      service: "openai",
      model: "gpt-4.1-mini",
      budgetTokens: 200_000,
    });
    expect(readConfig({ ...keyed, OPENAI_SUGGESTIONS: "off" }).suggestions).toBeUndefined();
    const own = { ...keyed, OPENAI_BASE_URL: "http://127.0.0.1:8080/v1", SUGGESTION_BUDGET_TOKENS: "5000" };
    expect(readConfig(own).suggestions).toMatchObject({
      baseUrl: "http://127.0.0.1:8080/v1",
      service: "other",
      budgetTokens: 5_000,
    });
  });

  it("lets follow-up questions cost no more than the money, and wants to be told the price of tokens for that", () => {
    const keyed = { ...good, OPENAI_API_KEY: "key", SUGGESTION_BUDGET_MONEY: "0.20" };
    expect(readConfig({ ...keyed, OPENAI_PRICE: "1.60" }).suggestions?.budgetTokens).toBe(125_000);
    expect(readConfig({ ...keyed, OPENAI_PRICE: "0.10" }).suggestions?.budgetTokens).toBe(200_000);
    expect(() => readConfig(keyed)).toThrow("OPENAI_PRICE: is needed");
    expect(() => readConfig({ ...keyed, OPENAI_PRICE: "0" })).toThrow("OPENAI_PRICE");
  });

  it("wants certificate and key together, and takes only the origin of the public address", () => {
    expect(() => readConfig({ ...good, TLS_CERT: "/c.pem" })).toThrow("TLS_KEY: belongs to TLS_CERT");
    expect(readConfig({ ...good, PUBLIC_URL: "https://interviews.example.org/" }).http).toMatchObject({
      publicUrl: "https://interviews.example.org",
      secure: true,
    });
  });
});
