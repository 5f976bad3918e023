import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { segmentId } from "@verbatim/shared/document/live";
import { Ticket } from "@verbatim/shared/ticket";
import { createLog } from "@verbatim/hands/log";
import { openDatabase } from "../../src/database/database.ts";
import { createLiveDocuments, type LiveDocuments } from "../../src/documents/live-documents.ts";
import { createUpdateLog } from "../../src/documents/update-log.ts";
import { serveEvents } from "../../src/events/event-server.ts";
import { liveDoor } from "../../src/live/document-doors.ts";
import { serveDocuments } from "../../src/live/document-upgrade.ts";
import { uuid } from "../uuid.ts";
import { EVENTS_SECRET, type LetGo, SLOW } from "./sides.ts";

/** Our side of the benches: the live documents as the api serves them, without the rest of it. Tells its two ports. */
const log = createLog("bench", "error");
const database = openDatabase({ url: process.env["DATABASE_URL"] ?? "", log });
const documents = createLiveDocuments({ updates: createUpdateLog(database), log });
const open = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};
/** Most that waited here for the slow reader. */
let most = 0;
const watched: Pick<LiveDocuments, "serve"> = {
  serve(socket, wire, ticket) {
    if (ticket.seatId === uuid(5, SLOW)) {
      const look = setInterval(() => (most = Math.max(most, socket.bufferedAmount)), 5);
      socket.on("close", () => {
        clearInterval(look);
        process.send?.({ most, rss: process.memoryUsage.rss() } satisfies LetGo);
        most = 0;
      });
    }
    documents.serve(socket, wire, ticket);
  },
};
const pages = createServer();
const inside = createServer();
let from = 0;
serveDocuments({
  server: pages,
  // A ticket's signature and single use cost once per socket, and are not what is measured.
  doors: [
    liveDoor({
      documents: watched,
      mustBeIn: async () => undefined,
      redeem: async (token) => Ticket.parse(JSON.parse(token)),
    }),
  ],
  // Everybody comes from 127.0.0.1 here, where only sixty may.
  addressOf: () => String(from++),
  originAllowed: () => true,
  log,
});
serveEvents({
  server: inside,
  secret: EVENTS_SECRET,
  onSpeech: () => undefined,
  async handle(event) {
    if (event.type === "words-interim") {
      documents.tell(event, event.seatId, { startMs: event.startMs, text: event.text });
    } else if (event.type === "words-final") {
      const { seatId, startMs, endMs, words } = event;
      const said = words.map((word) => word.text).join(" ");
      await documents.write(event, (live) => live.appendSegment(segmentId(seatId, startMs), seatId, said, words));
      documents.finished(event, seatId, endMs);
    }
  },
  log,
});
process.send?.([await open(pages), await open(inside)]);
// The bench that started us is gone: so are we.
process.on("disconnect", () => process.exit());
