import type { z } from "zod";
import type { Contract } from "@verbatim/shared/api/contract";

export type Account = { readonly email: string; readonly password: string };

/** Speaks the product's own HTTP contracts with a cookie jar, as a recruiter's browser would. */
export type Client = {
  call<Body extends z.ZodType, Reply extends z.ZodType>(
    contract: Contract<Body, Reply>,
    options?: { readonly params?: Readonly<Record<string, string>>; readonly body?: z.input<Body> },
  ): Promise<z.output<Reply>>;
  /** Raw bytes of a path or absolute address of the product. */
  download(path: string): Promise<Buffer>;
  readonly cookies: () => { name: string; value: string; url: string }[];
};

export function createClient(base: string): Client {
  const jar = new Map<string, string>();
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(path, base), {
      ...init,
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        origin: new URL(base).origin,
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  return {
    async call(contract, options = {}) {
      const path = contract.path.replaceAll(/:(\w+)/g, (_, name: string) => options.params?.[name] ?? "");
      const response = await request(path, {
        method: contract.method,
        ...(options.body === undefined
          ? {}
          : { body: JSON.stringify(options.body), headers: { "content-type": "application/json" } }),
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new Error(`${contract.method} ${path}: ${response.status} ${JSON.stringify(body)}`);
      return contract.reply.parse(body);
    },
    async download(path) {
      const response = await request(path, { method: "GET" });
      if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
    cookies: () => [...jar].map(([name, value]) => ({ name, value, url: base })),
  };
}
