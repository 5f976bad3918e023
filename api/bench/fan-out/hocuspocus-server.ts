import { Server } from "@hocuspocus/server";
import * as Y from "yjs";
import { storeIn } from "./store.ts";

/** Hocuspocus 4.7 with its defaults, a token that is looked at, and documents stored by its usual, debounced hook. */
const store = storeIn(process.env["DATABASE_URL"] ?? "");
const server = new Server({
  address: "127.0.0.1",
  quiet: true,
  async onAuthenticate({ token }) {
    if (token !== "token") throw new Error("No such token.");
  },
  async onStoreDocument({ documentName, document }) {
    await store(documentName, Y.encodeStateAsUpdate(document));
  },
});
// Port 0, a free one, is taken for "none was named" there.
server.configuration.port = 0;
await server.listen();
process.send?.([server.address.port]);
process.on("disconnect", () => process.exit());
