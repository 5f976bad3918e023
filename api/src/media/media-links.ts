import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { DomainError } from "@verbatim/shared/errors";

/** How long a link to a stored object works. It is made anew with every look at the page. */
const LINK_SECONDS = 300;

const Claims = z.object({
  key: z.string().max(400),
  type: z.string().max(100),
  /** What a saved file is called. */
  name: z.string().max(200),
});
export type MediaObject = z.infer<typeof Claims>;

/** Signed links to one object each, served by us: whoever has one reads that object until it expires, and nothing else. */
export type MediaLinks = {
  sign(object: MediaObject): Promise<string>;
  /** Throws `link.expired`, or `not_found` for anything that we did not sign. */
  open(token: string): Promise<MediaObject>;
};

export function createMediaLinks(deps: { readonly secret: string; readonly nowMs: () => number }): MediaLinks {
  const key = new TextEncoder().encode(deps.secret);
  return {
    async sign(object) {
      const exp = Math.floor(deps.nowMs() / 1000) + LINK_SECONDS;
      const token = await new SignJWT(object)
        .setProtectedHeader({ alg: "HS256" })
        .setAudience("media")
        .setExpirationTime(exp)
        .sign(key);
      return `/media/${token}`;
    },
    async open(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          audience: "media",
          algorithms: ["HS256"],
          currentDate: new Date(deps.nowMs()),
        });
        return Claims.parse(payload);
      } catch (cause) {
        if (cause instanceof Error && "code" in cause && cause.code === "ERR_JWT_EXPIRED") {
          throw new DomainError("link.expired", "This link has expired. Please reload the page.", { cause });
        }
        throw new DomainError("not_found", "There is nothing here.", { cause });
      }
    },
  };
}
