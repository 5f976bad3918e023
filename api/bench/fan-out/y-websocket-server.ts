import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { WebSocketServer } from "ws";
import type * as Y from "yjs";
import { storeIn } from "./store.ts";

/** bin/server.cjs of y-websocket 2.1.0, line by line, with its persistence hook set. It is a program, not an export: found beside what the package does export. */
type Utils = {
  setupWSConnection(socket: unknown, request: unknown): void;
  setPersistence(persistence: {
    bindState(name: string, doc: Y.Doc): Promise<void>;
    writeState(): Promise<void>;
  }): void;
};
const bin = join(dirname(createRequire(import.meta.url).resolve("y-websocket-2/package.json")), "bin");
const require = createRequire(join(bin, "server.cjs"));
const utils = require(join(bin, "utils.cjs")) as Utils;
const { Server } = require("ws") as { Server: typeof WebSocketServer };

const store = storeIn(process.env["DATABASE_URL"] ?? "");
utils.setPersistence({
  // As with its own LevelDB: every update as it comes.
  bindState: async (name, doc) => void doc.on("update", (update: Uint8Array) => void store(name, update)),
  writeState: async () => undefined,
});

const sockets = new Server({ noServer: true });
const http = createServer();
sockets.on("connection", utils.setupWSConnection);
http.on("upgrade", (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
process.send?.([(http.address() as AddressInfo).port]);
process.on("disconnect", () => process.exit());
