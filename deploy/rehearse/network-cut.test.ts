import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { createNetworkCut, removeLeftCuts } from "./network-cut.ts";

const run = promisify(execFile);
const UID = 61_990;

/** Another machine: a network namespace at the far end of a cable, which answers every datagram with itself. */
async function openFarEnd(): Promise<{ readonly address: string } & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const name = `vt${process.pid}`;
  const ip = async (...args: string[]): Promise<unknown> => await run("ip", args);
  await ip("netns", "add", name);
  opening.defer(() => ip("netns", "del", name).then(() => undefined));
  await ip("link", "add", name, "type", "veth", "peer", "name", "far", "netns", name);
  await ip("addr", "add", "10.213.77.1/30", "dev", name);
  await ip("link", "set", name, "up");
  await ip("-n", name, "addr", "add", "10.213.77.2/30", "dev", "far");
  await ip("-n", name, "link", "set", "far", "up");
  const echo = `const s = require("dgram").createSocket("udp4");
    s.on("message", (m, from) => s.send(m, from.port, from.address)).bind(9999, () => console.log("ready"));`;
  const child = spawn("ip", ["netns", "exec", name, process.execPath, "-e", echo], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  opening.defer(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  await once(createInterface({ input: child.stdout }), "line");
  const open = opening.move();
  return { address: "10.213.77.2", [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** A process of that user which sends one datagram when asked, and says what its socket said and what came back within 2 s: a busy machine answers late, never by itself. */
function openSender(address: string): { send(): Promise<string> } & AsyncDisposable {
  const sender = `process.setgid(${UID}); process.setuid(${UID});
    const s = require("dgram").createSocket("udp4");
    process.stdin.on("data", () => {
      const said = (text) => { clearTimeout(timer); s.removeAllListeners("message"); console.log(text); };
      const timer = setTimeout(() => said("silence"), 2_000);
      s.once("message", () => said("answer"));
      s.send("hello", 9999, "${address}", (error) => error && said(String(error)));
    });`;
  const child = spawn(process.execPath, ["-e", sender], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  return {
    async send() {
      const answer = once(lines, "line");
      child.stdin.write("x");
      return String((await answer)[0]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

const tables = async (): Promise<string> => (await run("nft", ["list", "tables"])).stdout;

it("a person who is cut off reaches no other machine, and their socket says no word of it", async () => {
  await using far = await openFarEnd();
  await using cut = await createNetworkCut([UID]);
  await using sender = openSender(far.address);
  expect(await sender.send()).toBe("answer");
  await cut.cut(UID);
  expect(await sender.send()).toBe("silence");
  await cut.mend(UID);
  expect(await sender.send()).toBe("answer");
});

it("what a killed rehearsal left cut is mended by the next one", async () => {
  const gone = spawn("true");
  await once(gone, "exit");
  const table = `verbatim_rehearse_${gone.pid}`;
  await run("nft", ["add", "table", "inet", table]);
  expect(await tables()).toContain(table);
  await removeLeftCuts();
  expect(await tables()).not.toContain(table);
});
