import type { z } from "zod";
import type { Contract } from "@verbatim/shared/api/contract";

export type Answer<Reply> = { readonly status: number; readonly body: Reply; readonly headers: Headers };
export type Params = Readonly<Record<string, string>>;

/** Keeps cookies, sends an Origin, and parses replies, as a browser with our pages does. */
export function createBrowser(base: string, origin: string) {
  const cookies = new Map<string, string>();
  const raw = async (
    path: string,
    init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(base + path, { ...init, headers: { origin, cookie, ...init.headers } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const send = async (contract: Contract, params: Params, body: unknown): Promise<Answer<unknown>> => {
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? "");
    const response = await raw(path, {
      method: contract.method,
      ...(contract.method === "GET"
        ? {}
        : { body: JSON.stringify(body ?? {}), headers: { "content-type": "application/json" } }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  return {
    cookies,
    raw,
    /** Whatever it answers. */
    try: send,
    /** Fails the test unless it worked. */
    async call<Body extends z.ZodType, Reply extends z.ZodType>(
      contract: Contract<Body, Reply>,
      params: Params = {},
      body?: z.input<Body>,
    ): Promise<z.output<Reply>> {
      const answer = await send(contract, params, body);
      if (answer.status !== 200) throw new Error(`${contract.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return contract.reply.parse(answer.body);
    },
  };
}
export type Browser = ReturnType<typeof createBrowser>;
