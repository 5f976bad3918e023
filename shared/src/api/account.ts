import { z } from "zod";
import { TenantId } from "../ids.ts";
import { Text } from "../text.ts";
import { contract, done, nothing } from "./contract.ts";

const Email = z.email("must be an e-mail address").max(254);
export const Password = z.string().min(10, "must have at least 10 characters").max(200);

export const Me = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  tenantId: TenantId,
  organisation: z.string(),
  /** May see how the installation is. */
  admin: z.boolean(),
});
export type Me = z.infer<typeof Me>;

/** Whether the first account is still to be made. */
export const setupState = contract({
  method: "GET",
  path: "/v1/setup",
  body: nothing,
  reply: z.object({ needed: z.boolean() }),
});

/** Makes the organisation and its owner, once, with the code that the terminal prints; signs in. */
export const setup = contract({
  method: "POST",
  path: "/v1/setup",
  body: z.strictObject({
    code: z.string().min(4).max(64),
    organisation: Text.min(1, "is needed").max(120),
    name: Text.min(1, "is needed").max(120),
    email: Email,
    password: Password,
  }),
  reply: Me,
});

export const signIn = contract({
  method: "POST",
  path: "/v1/sign-in",
  body: z.strictObject({ email: Email, password: z.string().max(200) }),
  reply: Me,
});

/** A sign-in link made by `npm run admin -- link EMAIL`; its token stands in the fragment of /sign-in. */
export const signInByLink = contract({
  method: "POST",
  path: "/v1/sign-in/link",
  body: z.strictObject({ token: z.string().max(400) }),
  reply: Me,
});

export const signOut = contract({ method: "POST", path: "/v1/sign-out", body: nothing, reply: done });
export const me = contract({ method: "GET", path: "/v1/me", body: nothing, reply: Me });
