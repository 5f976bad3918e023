/** Whom to ask: `Anna Host, anna@example.org`; empty when nobody is named. */
export const whomOf = (of: { readonly hostName: string; readonly contact: string }): string =>
  [of.hostName, of.contact].filter((part) => part !== "").join(", ");
