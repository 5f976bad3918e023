import { setup } from "@verbatim/shared/api/account";
import { createInterview, type Interview, type InterviewDraft } from "@verbatim/shared/api/interviews";
import { type Client, createClient } from "../rehearse/client.ts";
import type { Stage } from "./stage.ts";

/** Whom the first account is of, in most flows. */
export const anna = { email: "anna@example.com", password: "correct horse battery" };

/** The first account of an installation, made with the one-time code that its terminal shows; the client is signed in. */
export async function firstAccount(url: string, code: string, name = "Anna Host"): Promise<Client> {
  const client = createClient(url);
  await client.call(setup, { body: { ...anna, code, organisation: "Acme", name } });
  return client;
}

/** An interview that is planned for now and recorded by itself, unless said otherwise. */
export const newInterview = (client: Client, about: Partial<InterviewDraft> = {}): Promise<Interview> =>
  client.call(createInterview, {
    body: {
      title: "Backend engineer",
      candidateName: "Ada Lovelace",
      startsAt: new Date().toISOString(),
      zone: "Europe/Vienna",
      durationMinutes: 45,
      language: "en",
      autoStart: true,
      ...about,
    },
  });

/** A stage's first account. */
export const enterStage = ({ stack, url }: Pick<Stage, "stack" | "url">, name?: string): Promise<Client> =>
  firstAccount(url, stack.env["SETUP_CODE"] ?? "", name);

/** A stage's first account and its first interview. */
export async function firstInterview(
  stage: Pick<Stage, "stack" | "url">,
  about: Partial<InterviewDraft> = {},
): Promise<{ readonly client: Client; readonly interview: Interview }> {
  const client = await enterStage(stage);
  return { client, interview: await newInterview(client, about) };
}
