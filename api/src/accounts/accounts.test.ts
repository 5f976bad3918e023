import { afterAll, beforeAll, expect, it } from "vitest";
import * as account from "@verbatim/shared/api/account";
import { createAuth } from "./auth.ts";
import { openPool } from "../database/pool.ts";
import { type Harness, log, PASSWORD, startHarness } from "../../test/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const request = { organisation: "Acme", name: "Grace", email: "grace@example.org", password: PASSWORD };

it("refuses a wrong setup code, then makes the first account exactly once", async () => {
  const browser = harness.browser();
  expect(await browser.call(account.setupState)).toEqual({ needed: true });
  const wrong = await browser.try(account.setup, {}, { ...request, code: "654321" });
  expect(wrong).toMatchObject({ status: 400, body: { code: "input.invalid" } });
  const all = await Promise.all(
    [1, 2, 3].map((n) =>
      harness.browser().try(account.setup, {}, { ...request, email: `g${n}@example.org`, code: "123456" }),
    ),
  );
  expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  expect(await browser.call(account.setupState)).toEqual({ needed: false });
  expect(await harness.sql("select count(*)::int as n from verbatim.tenant")).toEqual([{ n: 1 }]);
  expect(await harness.sql(`select count(*)::int as n from auth."user"`)).toEqual([{ n: 1 }]);
});

it("signs in with the password, forgets the session on sign-out, and answers alike for unknown and wrong", async () => {
  const [row] = await harness.sql(`select email from auth."user"`);
  const email = String(row!["email"]);
  const browser = harness.browser();
  const me = await browser.call(account.signIn, {}, { email, password: PASSWORD });
  expect(await browser.call(account.me)).toEqual(me);
  await browser.call(account.signOut);
  expect((await browser.try(account.me, {}, undefined)).status).toBe(401);
  const wrong = await browser.try(account.signIn, {}, { email, password: "wrong password" });
  const unknown = await browser.try(account.signIn, {}, { email: "nobody@example.org", password: "wrong password" });
  const said = ({ status, body }: typeof wrong) => ({ status, message: (body as { message: string }).message });
  expect(said(wrong)).toEqual(said(unknown));
  expect(wrong.status).toBe(401);
});

it("gives cookies that scripts cannot read", async () => {
  const browser = harness.browser();
  const [row] = await harness.sql(`select email from auth."user"`);
  const answer = await browser.try(account.signIn, {}, { email: row!["email"], password: PASSWORD });
  for (const cookie of answer.headers.getSetCookie()) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
});

it("lets a link from the terminal in once", async () => {
  const [row] = await harness.sql(`select email from auth."user"`);
  const pool = openPool({ url: harness.url, schema: "auth", max: 1, log });
  const auth = createAuth({ pool, secret: harness.config.secrets.auth, publicUrl: harness.config.http.publicUrl });
  const token = await auth.makeLink(String(row!["email"]));
  expect(await auth.makeLink("nobody@example.org")).toBeUndefined();
  await pool.end();
  const stored = await harness.sql("select * from auth.verification");
  expect(JSON.stringify(stored)).not.toContain(token);
  const browser = harness.browser();
  expect(await browser.call(account.signInByLink, {}, { token: token! })).toMatchObject({ email: row!["email"] });
  expect((await browser.try(account.me, {}, undefined)).status).toBe(200);
  expect((await harness.browser().try(account.signInByLink, {}, { token })).status).toBe(401);
  expect((await harness.browser().try(account.signInByLink, {}, { token: "nonsense" })).status).toBe(401);
});

it("stops guessing of one account's password after ten tries a minute", async () => {
  const tries = [];
  for (let n = 0; n < 12; n++) {
    tries.push(
      await harness.browser().try(account.signIn, {}, { email: "target@example.org", password: "guess guess" }),
    );
  }
  expect(tries.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
});
