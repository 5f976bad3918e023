import { once } from "node:events";
import { availableParallelism } from "node:os";
import * as accountContracts from "@verbatim/shared/api/account";
import * as callContracts from "@verbatim/shared/api/call";
import * as changeContracts from "@verbatim/shared/api/changes";
import * as chatContracts from "@verbatim/shared/api/chat";
import type { Contract } from "@verbatim/shared/api/contract";
import * as handoverContracts from "@verbatim/shared/api/handover";
import * as interviewContracts from "@verbatim/shared/api/interviews";
import * as markContracts from "@verbatim/shared/api/marks";
import * as notesContracts from "@verbatim/shared/api/notes";
import * as noticeContracts from "@verbatim/shared/api/notice";
import * as offerContracts from "@verbatim/shared/api/offers";
import * as planContracts from "@verbatim/shared/api/plan";
import * as replayContracts from "@verbatim/shared/api/replay";
import * as statusContracts from "@verbatim/shared/api/status";
import type { Log } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import type { Store } from "@verbatim/hands/store/store";
import { createAccounts } from "./accounts/accounts.ts";
import { createAuth } from "./accounts/auth.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { createAssembling } from "./assembling/assembling.ts";
import { createAdmission } from "./calls/admission.ts";
import { mostCalls } from "./calls/capacity.ts";
import { createCalls } from "./calls/calls.ts";
import { isLive } from "./calls/live-interviews.ts";
import { recordingNow } from "./calls/recording-now.ts";
import { createEntries } from "./call/entry.ts";
import { callRoutes } from "./call/routes.ts";
import { createTickets } from "./call/tickets.ts";
import { createChats } from "./chat/chats.ts";
import { chatRoutes } from "./chat/routes.ts";
import type { Config } from "./config.ts";
import { createConsents } from "./consent/consents.ts";
import { type At, createControls } from "./control/controls.ts";
import { openDatabase } from "./database/database.ts";
import { openPool } from "./database/pool.ts";
import { createLiveDocuments } from "./documents/live-documents.ts";
import { createNotesClients } from "./documents/notes-clients.ts";
import { createNotesDocuments } from "./documents/notes-documents.ts";
import { createUpdateLog } from "./documents/update-log.ts";
import { serveEvents } from "./events/event-server.ts";
import { createEventHandler } from "./events/handle-event.ts";
import { createApp } from "./http/app.ts";
import { createLimits } from "./http/limits.ts";
import { openApi } from "./http/openapi.ts";
import { closeServer, openServer } from "./http/open-server.ts";
import { originAllowed } from "./http/origin.ts";
import { socketUrls } from "./http/signal-url.ts";
import { createChanges } from "./interviews/changes.ts";
import { createToldSpeech } from "./interviews/told-speech.ts";
import { createInterviews } from "./interviews/interviews.ts";
import { createLinks } from "./interviews/links.ts";
import { interviewRoutes } from "./interviews/routes.ts";
import { startJobs } from "./jobs/start-jobs.ts";
import { createMarks } from "./marks/marks.ts";
import { markRoutes } from "./marks/routes.ts";
import { liveDoor, notesDoor } from "./live/document-doors.ts";
import { serveDocuments } from "./live/document-upgrade.ts";
import { createMediaLinks } from "./media/media-links.ts";
import { mediaRoutes } from "./media/routes.ts";
import { createAfterCall } from "./notes/after-call.ts";
import { createNotesTickets } from "./notes/notes-tickets.ts";
import { notesRoutes } from "./notes/routes.ts";
import { createPreviews } from "./notices/previews.ts";
import { noticeRoutes } from "./notices/routes.ts";
import { moveOver } from "./offers/move-over.ts";
import { createOffers } from "./offers/offers.ts";
import { offerRoutes } from "./offers/routes.ts";
import { createReplays } from "./replay/replays.ts";
import { replayRoutes } from "./replay/routes.ts";
import { createReviews } from "./review/reviews.ts";
import { reviewRoutes } from "./review/routes.ts";
import { createHandovers } from "./seats/handovers.ts";
import { createRemovals } from "./seats/removals.ts";
import { createSeveral } from "./seats/several.ts";
import { createSeats } from "./seats/seats.ts";
import { statusRoutes } from "./status/routes.ts";
import { modelMaker } from "./suggestions/model/model-maker.ts";
import { openAiModel } from "./suggestions/model/openai-model.ts";
import { planRoutes } from "./suggestions/routes.ts";
import { rulesMaker } from "./suggestions/suggestion-maker.ts";
import { createSuggestions } from "./suggestions/suggestions.ts";
import { createStatus } from "./status/status.ts";

/** Every endpoint there is, for the description and for tests that try all of them. */
export const contracts: readonly Contract[] = [
  accountContracts,
  interviewContracts,
  changeContracts,
  callContracts,
  handoverContracts,
  notesContracts,
  noticeContracts,
  chatContracts,
  markContracts,
  offerContracts,
  planContracts,
  replayContracts,
  statusContracts,
].flatMap((file) => Object.values(file).filter(isContract));

function isContract(value: unknown): value is Contract {
  return typeof value === "object" && value !== null && "method" in value && "path" in value && "reply" in value;
}

export type Api = AsyncDisposable & { readonly port: number; readonly internalPort: number };

/** The whole service on its two ports. Everything it opens is closed by disposing it, newest first. */
export async function startApi(deps: {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly nowMs?: () => number;
}): Promise<Api> {
  const { config, log, store } = deps;
  const nowMs = deps.nowMs ?? Date.now;
  await using opening = new AsyncDisposableStack();

  const database = opening.use(openDatabase({ url: config.database.url, log }));
  const authPool = opening.adopt(openPool({ url: config.database.url, schema: "auth", max: 5, log }), (pool) =>
    pool.end(),
  );
  const jobs = opening.adopt(await startJobs(config.database.url, log), (boss) => boss.stop({ graceful: false }));

  const auth = createAuth({ pool: authPool, secret: config.secrets.auth, publicUrl: config.http.publicUrl });
  const accounts = createAccounts({ auth, database, setupCode: config.setupCode });
  const speech = createToldSpeech(config.speech, log);
  const settings = {
    linkKey: config.secrets.link,
    publicUrl: config.http.publicUrl,
    speech: speech.now,
    suggestions: config.suggestions,
    recorded: { chat: true },
    nowMs,
  };
  /** Most changes are made to interviews that nobody is in; the media server learns of those when somebody comes. */
  const changed = async (at: At): Promise<void> => {
    if (await database.tenant(at.tenantId, (trx) => isLive(trx, at.interviewId))) await calls.changed(at);
  };
  const interviews = createInterviews({ database, settings });
  const changes = createChanges({ database, settings, changed });
  const invitations = createLinks({ database, settings, changed });
  const seats = createSeats({ database, nowMs });
  const consents = createConsents({ database, settings, nowMs, changed });
  const handovers = createHandovers({ database, publicUrl: config.http.publicUrl, nowMs });
  const removals = createRemovals({ database, nowMs, changed });
  const several = createSeveral({ database, changed });
  const entries = createEntries({ database, settings });
  const tickets = createTickets({ database, secret: config.secrets.ticket, settings, nowMs });
  const limits = createLimits();
  const links = createMediaLinks({ secret: config.secrets.link, nowMs });
  const replays = createReplays({ database, links, nowMs });
  const reviews = createReviews({ database, links });
  const updates = createUpdateLog(database);
  const documents = opening.use(createLiveDocuments({ updates, log, nowMs }));
  const notes = opening.use(createNotesDocuments({ updates, clients: createNotesClients(database), log, nowMs }));
  const notesTickets = createNotesTickets({ database, secret: config.secrets.ticket, nowMs });
  const assembling = createAssembling({ database, store, jobs, secret: config.secrets.service, log });

  const most = mostCalls({
    configured: config.maxCalls,
    cores: availableParallelism(),
    offlineSpeech: config.speech.engine === "offline",
  });
  const admission = createAdmission({ database, most });
  const status = createStatus({ config, speech: speech.now, database, store, admission, most, nowMs });

  const controls = createControls({ database, nowMs, changed: (at) => calls.changed(at) });
  const calls = opening.use(
    createCalls({
      database,
      documents,
      notes,
      controls: () => controls,
      sfu: { url: config.sfu.internalUrl, secret: config.secrets.service },
      log,
      nowMs,
      random: Math.random,
    }),
  );

  const offers = createOffers({ database, nowMs, changed: calls.changed });
  const marks = createMarks({ database, changed });
  const chats = createChats({ database, changed: calls.changed });
  const { suggestions: model } = config;
  const maker = model ? modelMaker({ model: openAiModel(model), budgetTokens: model.budgetTokens, log }) : rulesMaker;
  const suggestions = opening.use(createSuggestions({ database, maker, changed: calls.changed, log }));

  const ops = opening.use(
    await startOps({
      port: config.http.internalPort,
      log,
      ready: database.answers,
      extra: {
        "/setup": async () => ({ needed: await accounts.setupNeeded() }),
        "/recording-now": async () => ({ interviews: await recordingNow(database) }),
      },
    }),
  );
  const handle = createEventHandler({
    database,
    documents,
    calls,
    consider: (event) => assembling.consider(event),
    addPictures: (event) => assembling.addPictures(event),
    prepare: (event, untilSamples) => assembling.prepare(event, untilSamples),
    heard: suggestions.heard,
    log,
  });
  opening.use(serveEvents({ server: ops.server, secret: config.secrets.service, handle, onSpeech: speech.tell, log }));

  const urls = socketUrls({
    secure: config.http.secure,
    signalUrl: config.sfu.signalUrl,
    sfuPort: config.http.proxies.any ? undefined : config.sfu.port,
  });
  const app = createApp({
    log,
    limits,
    publicUrl: config.http.publicUrl,
    secure: config.http.secure,
    signalUrl: urls.signal,
    webDist: config.http.webDist,
    proxies: config.http.proxies,
    routes: (router) => {
      accountRoutes(router, { accounts, limits, signedOut: (userId) => notes.closePerson(`user:${userId}`) });
      interviewRoutes(router, { accounts, interviews, changes, links: invitations });
      callRoutes(router, {
        accounts,
        admission,
        calls,
        consents,
        controls,
        entries,
        handovers,
        limits,
        moveOver: (seat) => moveOver(database, seat, nowMs()),
        removals,
        several,
        seats,
        secure: config.http.secure,
        tickets,
        urls,
      });
      notesRoutes(router, { accounts, limits, seats, tickets: notesTickets, urls });
      offerRoutes(router, { limits, offers, seats, secure: config.http.secure });
      planRoutes(router, { accounts, limits, seats, suggestions });
      noticeRoutes(router, { accounts, previews: createPreviews({ database, settings }) });
      chatRoutes(router, { calls, chats, limits, seats });
      markRoutes(router, { accounts, calls, limits, marks, seats });
      replayRoutes(router, { accounts, calls, limits, replays, seats });
      reviewRoutes(router, { accounts, marks, reviews });
      mediaRoutes(router, { store, links });
      statusRoutes(router, { accounts, status });
      const description = openApi(contracts);
      router.get("/v1/openapi.json", (ctx) => {
        ctx.body = description;
      });
    },
  });

  const server = await openServer(config);
  // Closed after the live sockets: an upgraded connection is none that the server knows how to end.
  opening.defer(() => closeServer(server));
  const onRequest = app.callback();
  server.on("request", (request, response) => void onRequest(request, response));
  opening.use(
    serveDocuments({
      server,
      doors: [
        liveDoor({ documents, mustBeIn: calls.mustBeIn, redeem: tickets.redeem }),
        notesDoor({
          documents: notes,
          mustBeIn: calls.mustBeIn,
          afterCall: createAfterCall({ database, nowMs }),
          redeem: notesTickets.redeem,
        }),
      ],
      addressOf: config.http.proxies.addressOf,
      originAllowed: (origin, host) => originAllowed(origin, host, config.http.publicUrl),
      log,
    }),
  );
  server.listen(config.http.port);
  await once(server, "listening");

  const address = server.address();
  const port = typeof address === "object" && address ? address.port : config.http.port;
  log.info("api.listening", { port, internalPort: ops.port });
  const open = opening.move();
  return { port, internalPort: ops.port, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
