import { expect, it } from "vitest";
import { startModelServer } from "./model-server.ts";

const data = JSON.stringify({
  plan: { competencies: [{ name: "Systems" }] },
  talk: [
    { speaker: "candidate", words: "1-4", text: "we ran both systems" },
    { speaker: "interviewer", words: "5-5", text: "why" },
  ],
});

it("answers in the Responses protocol with the candidate's words, is away while it is down, and comes back", async () => {
  await using model = await startModelServer();
  const ask = (content: string) =>
    fetch(`${model.settings["OPENAI_BASE_URL"]}/responses`, {
      method: "POST",
      body: JSON.stringify({ model: "any", input: [{ role: "user", content }] }),
    });
  const said = async (content: string) => {
    const { output } = (await (await ask(content)).json()) as { output: { content: { text: string }[] }[] };
    return JSON.parse(output[0]?.content[0]?.text ?? "") as unknown;
  };
  const suggestion = {
    competency: "Systems",
    quote: "we ran both systems",
    text: expect.stringMatching(/\?$/) as string,
  };
  expect(await said(data)).toEqual({ suggestions: [suggestion] });
  const up = model.down();
  await expect(ask(data)).rejects.toThrow();
  expect(model.turnedAway).toBe(1);
  up();
  expect(await said(data)).toEqual({ suggestions: [suggestion] });
  expect(await said("{}")).toEqual({ suggestions: [] });
  expect(model.answered).toBe(3);
});
