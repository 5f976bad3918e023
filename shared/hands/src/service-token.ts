import { jwtVerify, SignJWT } from "jose";
import { DomainError } from "@verbatim/shared/errors";

/** Sockets between our own processes open with one of these. */
export type Audience = "tap" | "control" | "events";

const key = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** A token good for 60 s, to open one socket with `Authorization: Bearer`. */
export async function signServiceToken(secret: string, audience: Audience, from: string): Promise<string> {
  return await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setSubject(from)
    .setExpirationTime("60s")
    .sign(key(secret));
}

/** Throws `auth.required` unless the header carries a good token for this audience; answers who sent it. */
export async function verifyServiceToken(
  secret: string,
  audience: Audience,
  header: string | undefined,
): Promise<string> {
  const token = header?.startsWith("Bearer ") ? header.slice(7) : undefined;
  if (!token) throw new DomainError("auth.required", "A service token is needed.");
  try {
    const { payload } = await jwtVerify(token, key(secret), { audience, algorithms: ["HS256"] });
    return payload.sub ?? "unknown";
  } catch (cause) {
    throw new DomainError("auth.required", "The service token is not valid.", { cause });
  }
}
