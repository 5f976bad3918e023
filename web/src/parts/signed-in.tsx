import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { codeOf } from "../api/failure.ts";
import { meQuery } from "../api/queries.ts";
import { DeskFrame } from "./desk-frame.tsx";
import { Fault } from "./fault.tsx";

/** Shows its content to people with an account; others sign in first and come back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const me = useQuery(meQuery);
  if (me.data) return <DeskFrame>{children}</DeskFrame>;
  if (me.isError && codeOf(me.error) === "auth.required") {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return <DeskFrame>{me.isError ? <Fault thrown={me.error} again={() => void me.refetch()} /> : null}</DeskFrame>;
}
