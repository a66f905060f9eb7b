import { createContext, useContext } from "react";
import type { SignedIn } from "./session.ts";

export const SessionContext = createContext<SignedIn | undefined>(undefined);

/** @throws Error outside the part of the page that needs a session */
export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("This part of the page needs a session");
  return session;
}
