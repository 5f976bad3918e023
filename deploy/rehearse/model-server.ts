import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** Stands where a provider of language models stands, for rehearsals that take it away. */
export type ModelServer = AsyncDisposable & {
  /** What an operator would set to use it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly answered: number;
  /** Requests that were cut while it was away. */
  readonly turnedAway: number;
  /** Cuts every request, until what it answers is called. */
  down(): () => void;
};

const Request = z.object({ input: z.tuple([z.object({ content: z.string() })]) });
const Data = z.object({
  plan: z.object({ competencies: z.array(z.object({ name: z.string() })) }),
  talk: z.array(z.object({ speaker: z.string(), text: z.string() })),
});

/** Questions that fit any answer: each is asked once. */
const questions = [
  "What was your own part in that?",
  "How did you know that it worked?",
  "Which other ways did you weigh up?",
  "What would you do differently today?",
  "Who else decided on it, and how?",
  "What did it cost, and was it worth it?",
  "How long did it take in the end?",
  "What surprised you most about it?",
];

/** Speaks the Responses protocol on a free port of this machine: one question about the candidate's last words, at once. */
export async function startModelServer(): Promise<ModelServer> {
  const downs = new Set<symbol>();
  const counts = { answered: 0, turnedAway: 0 };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (downs.size > 0) {
      counts.turnedAway++;
      return void request.socket.resetAndDestroy();
    }
    if (request.url !== "/v1/responses") return void response.writeHead(404).end();
    const asked = Request.safeParse(JSON.parse(await text(request)));
    const answer = answerTo(asked.data?.input[0].content ?? "{}", counts.answered++);
    const part = { type: "output_text", text: JSON.stringify(answer), annotations: [] };
    const body = {
      object: "response",
      status: "completed",
      output: [{ type: "message", content: [part] }],
      usage: { input_tokens: 900, output_tokens: 100, total_tokens: 1_000 },
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    // A request that was cut has nobody to be answered.
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      OPENAI_API_KEY: "rehearsal",
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_SUGGESTIONS: "on",
    },
    get answered() {
      return counts.answered;
    },
    get turnedAway() {
      return counts.turnedAway;
    },
    down() {
      const key = Symbol("down");
      downs.add(key);
      return () => void downs.delete(key);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answerTo(data: string, at: number) {
  const { plan, talk } = Data.catch({ plan: { competencies: [] }, talk: [] }).parse(JSON.parse(data));
  const said = talk.findLast(({ speaker }) => speaker === "candidate")?.text ?? "";
  const suggestion = {
    text: questions[at % questions.length] ?? "",
    competency: plan.competencies[at % Math.max(1, plan.competencies.length)]?.name ?? "",
    quote: said.split(" ").slice(0, 8).join(" "),
  };
  return { suggestions: said === "" ? [] : [suggestion] };
}
